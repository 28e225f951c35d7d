/** A box of ISO/IEC 14496-12 §4.2: 32-bit size, four letters, body. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(8);
  const size = parts.reduce((sum, part) => sum + part.length, header.length);
  header.writeUInt32BE(size);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts], size);
}

/** A box with version and flags in front (§4.2). */
export function fullBox(type: string, versionAndFlags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, u32(versionAndFlags), ...parts);
}

export function u16(...values: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(values.length * 2);
  for (const [index, value] of values.entries()) out.writeUInt16BE(value, index * 2);
  return out;
}

export function u32(...values: readonly number[]): Buffer {
  return u32s(values);
}

/** For tables: an hour of pictures is more than a call takes arguments. */
export function u32s(values: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(values.length * 4);
  for (const [index, value] of values.entries()) out.writeUInt32BE(value >>> 0, index * 4);
  return out;
}

export function u64(value: number): Buffer {
  const out = Buffer.allocUnsafe(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

export interface BoxSpan {
  readonly type: string;
  readonly body: Buffer;
}

/** The boxes a buffer holds, as views; ends silently at the first that is not whole. */
export function* boxesOf(bytes: Buffer): Generator<BoxSpan, void, undefined> {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) return;
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + size) };
    at += size;
  }
}

/** The body of the first box found along a path of types. */
export function boxAt(bytes: Buffer, [type, ...rest]: readonly string[]): Buffer | undefined {
  for (const found of boxesOf(bytes)) {
    if (found.type === type) return rest.length === 0 ? found.body : boxAt(found.body, rest);
  }
  return undefined;
}
