/** The NAL units of a byte stream (H.264 and H.265 annex B), as views. */
export function splitAnnexB(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let start = after(bytes, 0);
  while (start !== undefined) {
    const next = after(bytes, start);
    const end = next === undefined ? bytes.length : next - 3;
    const nal = withoutTrailingZeros(bytes.subarray(start, end));
    if (nal.length > 0) nals.push(nal);
    start = next;
  }
  return nals;
}

const startCode = Buffer.from([0, 0, 1]);

/** Where the bytes after the next start code begin. */
function after(bytes: Buffer, from: number): number | undefined {
  const found = bytes.indexOf(startCode, from);
  return found < 0 ? undefined : found + startCode.length;
}

/** Zeros before a start code belong to neither unit. */
function withoutTrailingZeros(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end -= 1;
  return nal.subarray(0, end);
}
