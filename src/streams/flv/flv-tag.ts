/** FLV header (FLV 10.1 §E.2) that announces video only, with the first back pointer: a player must not wait for sound. */
export const flvHeader: Buffer = Buffer.from([0x46, 0x4c, 0x56, 1, 0x01, 0, 0, 0, 9, 0, 0, 0, 0]);

/** The same of a stream that has sound: a player waits for both. */
export const flvHeaderWithSound: Buffer = Buffer.from([0x46, 0x4c, 0x56, 1, 0x05, 0, 0, 0, 9, 0, 0, 0, 0]);

export const tagType = { sound: 8, video: 9, data: 18 } as const;

/** One tag as every viewer gets it: never written to again. */
export interface SharedTag {
  /** The tag with its back pointer. */
  readonly data: Buffer;
  /** The same memory with the head of a binary WebSocket message before it (RFC 6455 §5.2). */
  readonly message: Buffer;
}

export interface TagHead {
  readonly type: number;
  /** 32 bit. */
  readonly timestampMs: number;
  /** Bytes of the body. */
  readonly size: number;
}

const headerBytes = 11;
const pointerBytes = 4;
const mostMessageHead = 10;

/** One tag with its back pointer. `timestampMs` is 32 bit. */
export function flvTag(type: number, timestampMs: number, parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return sharedTag({ type, timestampMs, size }, (body) => {
    let at = 0;
    for (const part of parts) at += part.copy(body, at);
  }).data;
}

/** Makes a tag in one piece of memory; `fill` writes the whole body. */
export function sharedTag({ type, timestampMs, size }: TagHead, fill: (body: Buffer) => void): SharedTag {
  const length = headerBytes + size + pointerBytes;
  const memory = Buffer.allocUnsafe(mostMessageHead + length);
  const data = memory.subarray(mostMessageHead);
  data.writeUInt8(type, 0);
  data.writeUIntBE(size, 1, 3);
  data.writeUIntBE(timestampMs % 0x1000000, 4, 3);
  data.writeUInt8(Math.floor(timestampMs / 0x1000000) & 0xff, 7);
  data.writeUIntBE(0, 8, 3);
  fill(data.subarray(headerBytes, headerBytes + size));
  data.writeUInt32BE(headerBytes + size, headerBytes + size);
  return { data, message: withMessageHead(memory, length) };
}

/** A final, binary, unmasked frame: what a server sends is the same for everybody. */
function withMessageHead(memory: Buffer, length: number): Buffer {
  const at = mostMessageHead - messageHeadBytes(length);
  memory.writeUInt8(0x82, at);
  if (length < 126) {
    memory.writeUInt8(length, at + 1);
  } else if (length < 0x10000) {
    memory.writeUInt8(126, at + 1);
    memory.writeUInt16BE(length, at + 2);
  } else {
    memory.writeUInt8(127, at + 1);
    memory.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return memory.subarray(at);
}

function messageHeadBytes(length: number): number {
  if (length < 126) return 2;
  return length < 0x10000 ? 4 : 10;
}
