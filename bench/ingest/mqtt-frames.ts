/** The few frames of MQTT 3.1.1 a load needs, made by hand: what is measured is the broker, not a client library. */

const utf8 = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** §2.2: the type with its flags, the remaining length, the rest. */
function frame(first: number, ...parts: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = rest.length; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) return Buffer.concat([Buffer.from([first, ...length]), rest]);
  }
}

const number16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** §3.1, with a name and a password; `clean` is whether the session ends with the connection. */
export function connectFrame(id: string, { password, clean }: { password: string; clean: boolean }): Buffer {
  const flags = clean ? 0xc2 : 0xc0;
  return frame(0x10, utf8('MQTT'), Buffer.from([4, flags, 0, 60]), utf8(id), utf8(id), utf8(password));
}

/** §3.3 at QoS 1. */
export function publishFrame(topic: string, id: number, payload: string): Buffer {
  return frame(0x32, utf8(topic), number16(id), Buffer.from(payload));
}

/** §3.8 at QoS 1. */
export function subscribeFrame(topic: string): Buffer {
  return frame(0x82, number16(1), utf8(topic), Buffer.from([1]));
}

/** §3.14. */
export const disconnectFrame = Buffer.from([0xe0, 0]);

/** Reads CONNACK and PUBACK, both of four bytes, out of whatever pieces they come in. */
export class AckReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The numbers of the messages acknowledged, and 0 for CONNACK; throws when the broker refuses. */
  read(chunk: Buffer): number[] {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const ids: number[] = [];
    let at = 0;
    for (; at + 4 <= data.length; at += 4) ids.push(ackOf(data.subarray(at, at + 4)));
    this.#rest = data.subarray(at);
    return ids;
  }
}

function ackOf(packet: Buffer): number {
  if (packet[0] === 0x40) return packet.readUInt16BE(2);
  if (packet[0] === 0x20 && packet[3] === 0) return 0;
  throw new Error(`the broker answered ${packet.toString('hex')}`);
}
