/* What a terminal writes and reads, from the tables of JT/T 808 and apart from the server's own reading of them. */

export type Edition = 2013 | 2019;

export interface Jt808Message {
  readonly id: number;
  readonly serial: number;
  readonly body: Buffer;
}

export interface MessageHead {
  readonly edition: Edition;
  readonly phone: string;
  /** Piece `number` of `total`, from 1. */
  readonly part?: { readonly total: number; readonly number: number };
}

const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const bcd = (digits: string) => (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

/** The content of a frame: header and body. */
export function contentOf({ id, serial, body }: Jt808Message, { edition, phone, part }: MessageHead): Buffer {
  const properties = body.length + (part ? 0x2000 : 0) + (edition === 2019 ? 0x4000 : 0);
  const number = edition === 2019 ? [1, ...bcd(phone.padStart(20, '0'))] : bcd(phone.padStart(12, '0'));
  const pieces = part ? [...word(part.total), ...word(part.number)] : [];
  return Buffer.from([...word(id), ...word(properties), ...number, ...word(serial), ...pieces, ...body]);
}

/** Flags, escapes and the check byte around a content. */
export function framed(content: Uint8Array): Buffer {
  let check = 0;
  for (const byte of content) check ^= byte;
  const hex = Buffer.from([...content, check]).toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const escapes: Record<string, string> = { '7e': '7d02', '7d': '7d01' };
  return Buffer.from(`7e${pairs.map((pair) => escapes[pair] ?? pair).join('')}7e`, 'hex');
}

/** The messages of the server in a stream of its bytes; `rest` is what has not come whole. */
export function messagesIn(bytes: Buffer, edition: Edition): { messages: Jt808Message[]; rest: Buffer } {
  const messages: Jt808Message[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0x7e, 1); end > 0; end = bytes.indexOf(0x7e, from + 1)) {
    messages.push(messageOf(plain(bytes.subarray(from + 1, end)), edition));
    from = end + 1;
  }
  return { messages, rest: bytes.subarray(from) };
}

function messageOf(content: Buffer, edition: Edition): Jt808Message {
  const serialAt = edition === 2019 ? 15 : 10;
  const body = content.subarray(serialAt + 2, -1);
  return { id: content.readUInt16BE(0), serial: content.readUInt16BE(serialAt), body };
}

function plain(raw: Buffer): Buffer {
  const bytes: number[] = [];
  for (const [index, byte] of raw.entries()) {
    if (raw[index - 1] === 0x7d) bytes.push(byte === 2 ? 0x7e : 0x7d);
    else if (byte !== 0x7d) bytes.push(byte);
  }
  return Buffer.from(bytes);
}

export interface Jt808Report {
  readonly at: Date;
  readonly lat: number;
  readonly lon: number;
  /** Kilometres an hour. */
  readonly speed?: number;
  readonly heading?: number;
  readonly emergency?: boolean;
  readonly located?: boolean;
  /** Kilometres. */
  readonly mileage?: number;
  readonly signal?: number;
}

/** The body of 0x0200. */
export function reportBody(report: Jt808Report): Buffer {
  const { at, lat, lon, speed = 0, heading = 0, emergency = false, located = true, mileage, signal } = report;
  const basic = Buffer.alloc(22);
  basic.writeUInt32BE(emergency ? 1 : 0, 0);
  basic.writeUInt32BE(1 | (located ? 2 : 0) | (lat < 0 ? 4 : 0) | (lon < 0 ? 8 : 0), 4);
  basic.writeUInt32BE(Math.round(Math.abs(lat) * 1e6), 8);
  basic.writeUInt32BE(Math.round(Math.abs(lon) * 1e6), 12);
  basic.writeUInt16BE(Math.round(speed * 10), 18);
  basic.writeUInt16BE(Math.round(heading) % 360, 20);
  const beijing = new Date(at.getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 14);
  const items = [
    ...(mileage === undefined ? [] : [0x01, 4, ...word(Math.round(mileage * 10) >> 16), ...word(mileage * 10)]),
    ...(signal === undefined ? [] : [0x30, 1, signal]),
  ];
  return Buffer.concat([basic, Buffer.from(beijing, 'hex'), Buffer.from(items)]);
}

/** The body of 0x0704; type 1 is what was kept while out of reach. */
export function batchBody(reports: readonly Jt808Report[], type: 0 | 1): Buffer {
  const bodies = reports.map(reportBody);
  const items = bodies.flatMap((body) => [Buffer.from(word(body.length)), body]);
  return Buffer.concat([Buffer.from([...word(reports.length), type]), ...items]);
}

/** The body of 0x0100, all of it blank: who it is stands in the header. */
export function registrationBody(edition: Edition): Buffer {
  return Buffer.alloc(edition === 2019 ? 76 : 37);
}

/** The body of 0x0102. */
export function authenticationBody(code: string, edition: Edition): Buffer {
  if (edition === 2013) return Buffer.from(code);
  return Buffer.concat([Buffer.from([code.length]), Buffer.from(code), Buffer.alloc(35)]);
}
