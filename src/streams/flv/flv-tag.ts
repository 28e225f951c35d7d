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

/** What stands around the body of a tag, bytes. */
export const aroundBody = { before: mostMessageHead + headerBytes, after: pointerBytes } as const;

/** Makes a tag in one piece of memory; `fill` writes the whole body. */
export function sharedTag(head: TagHead, fill: (body: Buffer) => void): SharedTag {
  const memory = Buffer.allocUnsafe(aroundBody.before + head.size + aroundBody.after);
  fill(memory.subarray(aroundBody.before, aroundBody.before + head.size));
  return tagAround(memory, aroundBody.before, head);
}

/** Makes a tag of a body that lies in `memory` from `bodyAt` on, with room for `aroundBody`. */
export function tagAround(memory: Buffer, bodyAt: number, { type, timestampMs, size }: TagHead): SharedTag {
  const at = bodyAt - headerBytes;
  const end = bodyAt + size + pointerBytes;
  memory.writeUInt8(type, at);
  memory.writeUIntBE(size, at + 1, 3);
  memory.writeUIntBE(timestampMs % 0x1000000, at + 4, 3);
  memory.writeUInt8(Math.floor(timestampMs / 0x1000000) & 0xff, at + 7);
  memory.writeUIntBE(0, at + 8, 3);
  memory.writeUInt32BE(headerBytes + size, bodyAt + size);
  return { data: memory.subarray(at, end), message: withMessageHead(memory, at, end) };
}

/** A final, binary, unmasked frame around `start` to `end`: what a server sends is the same for everybody. */
function withMessageHead(memory: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  const at = start - messageHeadBytes(length);
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
  return memory.subarray(at, end);
}

function messageHeadBytes(length: number): number {
  if (length < 126) return 2;
  return length < 0x10000 ? 4 : 10;
}
