export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** The boxes side by side in `buffer` (ISO/IEC 14496-12 §4.2). Stops at the first that does not fit. */
export function eachBox(buffer: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= buffer.length; ) {
    const { size, header } = boxSize(buffer, at);
    if (size < header || at + size > buffer.length) break;
    boxes.push({ type: buffer.toString('latin1', at + 4, at + 8), body: buffer.subarray(at + header, at + size) });
    at += size;
  }
  return boxes;
}

export function boxBody(buffer: Buffer, type: string): Buffer | undefined {
  return eachBox(buffer).find((box) => box.type === type)?.body;
}

/** The body of a nested box, `undefined` when a step of the path is missing. */
export function boxAt(buffer: Buffer, path: readonly string[]): Buffer | undefined {
  return path.reduce<Buffer | undefined>((body, type) => body && boxBody(body, type), buffer);
}

function boxSize(buffer: Buffer, at: number): { size: number; header: number } {
  const size = buffer.readUInt32BE(at);
  if (size === 0) return { size: buffer.length - at, header: 8 };
  if (size !== 1) return { size, header: 8 };
  return { size: at + 16 <= buffer.length ? Number(buffer.readBigUInt64BE(at + 8)) : 0, header: 16 };
}
