/** The few frames of MQTT 3.1.1 a load needs, made by hand: what is measured is the broker, not a client library. */

const utf8 = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** §2.2: the type with its flags, the remaining length, the rest. */
function frame(first: number, ...parts: readonly Buffer[]): Buffer {
  const rest = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first, ...lengthBytes(rest.length)]), rest]);
}

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  for (let left = length; ; left >>= 7) {
    bytes.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) return bytes;
  }
}

const number16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** §3.1, with a name and a password; `clean` is whether the session ends with the connection. */
export function connectFrame(id: string, { password, clean }: { password: string; clean: boolean }): Buffer {
  const flags = clean ? 0xc2 : 0xc0;
  return frame(0x10, utf8('MQTT'), Buffer.from([4, flags, 0, 60]), utf8(id), utf8(id), utf8(password));
}

/** §3.3 at QoS 1, many messages to one topic as one piece: the load shares two cores with what it measures. */
export function publishFrames(topic: Buffer, messages: readonly { id: number; payload: string }[]): Buffer {
  const sizes = messages.map(({ payload }) => topic.length + 4 + Buffer.byteLength(payload));
  const heads = sizes.map(lengthBytes);
  const frames = Buffer.allocUnsafe(sizes.reduce((sum, size, n) => sum + size + 1 + (heads[n]?.length ?? 0), 0));
  let at = 0;
  for (const [n, { id, payload }] of messages.entries()) {
    at = frames.writeUInt8(0x32, at);
    for (const byte of heads[n] ?? []) at = frames.writeUInt8(byte, at);
    at = frames.writeUInt16BE(topic.length, at);
    at += topic.copy(frames, at);
    at = frames.writeUInt16BE(id, at);
    at += frames.write(payload, at);
  }
  return frames;
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
