import { frame } from './frame.ts';

/** The messages of JT/T 808 that are spoken here. */
export const messageIds = {
  terminalAnswer: 0x0001,
  heartbeat: 0x0002,
  logout: 0x0003,
  register: 0x0100,
  authenticate: 0x0102,
  position: 0x0200,
  positions: 0x0704,
  generalAnswer: 0x8001,
  registerAnswer: 0x8100,
  text: 0x8300,
} as const;

/** Who a header names, and in which edition of the standard. */
export interface Peer {
  readonly edition: 2013 | 2019;
  /** The protocol version byte; 2013 has none. */
  readonly protocol: number;
  /** As many digits as the edition has: 12 or 20. */
  readonly phone: string;
}

/** One of the pieces a long message comes in. */
export interface Part {
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

export interface Packet {
  readonly id: number;
  readonly peer: Peer;
  readonly serial: number;
  readonly part?: Part;
  readonly body: Buffer;
}

export type ParsedPacket =
  | { readonly ok: true; readonly packet: Packet }
  | { readonly ok: false; readonly reason: 'malformed-frame' | 'encrypted' };

/** Bits of the message properties. */
const lengthMask = 0x03ff;
const encryptionMask = 0x1c00;
const partBit = 0x2000;
const versionBit = 0x4000;

const malformed: ParsedPacket = { ok: false, reason: 'malformed-frame' };

/** A frame's content as a packet: with the header of 2013 or, where its version bit is set, that of 2019. */
export function parsePacket(content: Buffer): ParsedPacket {
  if (content.length < 4) return malformed;
  const properties = content.readUInt16BE(2);
  const { edition, phoneAt, serialAt, bodyAt } = layoutOf(properties);
  if (content.length !== bodyAt + (properties & lengthMask)) return malformed;
  if (properties & encryptionMask) return { ok: false, reason: 'encrypted' };
  const phone = content.toString('hex', phoneAt, serialAt);
  if (!/^\d+$/.test(phone)) return malformed;
  const packet = {
    id: content.readUInt16BE(0),
    peer: { edition, protocol: edition === 2019 ? content.readUInt8(4) : 0, phone },
    serial: content.readUInt16BE(serialAt),
    ...(properties & partBit && { part: partAt(content, serialAt + 2) }),
    body: content.subarray(bodyAt),
  };
  return { ok: true, packet };
}

/** Where things stand in the content. */
function layoutOf(properties: number) {
  const is2019 = (properties & versionBit) !== 0;
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = phoneAt + (is2019 ? 10 : 6);
  const bodyAt = serialAt + (properties & partBit ? 6 : 2);
  return { edition: is2019 ? 2019 : 2013, phoneAt, serialAt, bodyAt } as const;
}

function partAt(content: Buffer, at: number): Part {
  return { total: content.readUInt16BE(at), number: content.readUInt16BE(at + 2) };
}

/** A message of ours, framed; its body fits one packet. */
export function encodePacket({ id, peer, serial, body }: Omit<Packet, 'part'>): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(body.length | (peer.edition === 2019 ? versionBit : 0), 2);
  const version = Buffer.from(peer.edition === 2019 ? [peer.protocol] : []);
  const tail = Buffer.alloc(2);
  tail.writeUInt16BE(serial, 0);
  return frame(Buffer.concat([head, version, Buffer.from(peer.phone, 'hex'), tail, body]));
}
