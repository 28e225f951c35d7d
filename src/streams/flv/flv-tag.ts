/** FLV header that announces video only, with the first back pointer: a player must not wait for sound. */
export const flvHeader: Buffer = Buffer.from([0x46, 0x4c, 0x56, 1, 0x01, 0, 0, 0, 9, 0, 0, 0, 0]);

export const tagType = { video: 9, data: 18 } as const;

const headerBytes = 11;
const pointerBytes = 4;

/** One tag with its back pointer, in one buffer that every viewer shares. `timestampMs` is 32 bit. */
export function flvTag(type: number, timestampMs: number, body: readonly Buffer[]): Buffer {
  const size = body.reduce((sum, part) => sum + part.length, 0);
  const tag = Buffer.allocUnsafe(headerBytes + size + pointerBytes);
  tag.writeUInt8(type, 0);
  tag.writeUIntBE(size, 1, 3);
  tag.writeUIntBE(timestampMs % 0x1000000, 4, 3);
  tag.writeUInt8(Math.floor(timestampMs / 0x1000000) & 0xff, 7);
  tag.writeUIntBE(0, 8, 3);
  let offset = headerBytes;
  for (const part of body) offset += part.copy(tag, offset);
  tag.writeUInt32BE(headerBytes + size, offset);
  return tag;
}
