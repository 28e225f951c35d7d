/* JT/T 808: a frame is content and its XOR between two flags; a flag or an escape within is written as two bytes. */

export const flag = 0x7e;
const escapeMark = 0x7d;
const flagAfterEscape = 0x02;
const escapeAfterEscape = 0x01;

/** What stood between two flags: its content, or why it is no frame. */
export type Unframed = { readonly content: Buffer } | { readonly fault: 'wrong-check' | 'malformed-frame' };

/** Content as it goes over the wire, flags and check byte included. */
export function frame(content: Uint8Array): Buffer {
  const bytes: number[] = [flag];
  for (const byte of [...content, checkOf(content)]) {
    if (byte === flag) bytes.push(escapeMark, flagAfterEscape);
    else if (byte === escapeMark) bytes.push(escapeMark, escapeAfterEscape);
    else bytes.push(byte);
  }
  bytes.push(flag);
  return Buffer.from(bytes);
}

/** Undoes `frame`, given what stood between the flags. */
export function unframe(raw: Uint8Array): Unframed {
  const bytes = withoutEscapes(raw);
  if (!bytes || bytes.length < 2) return { fault: 'malformed-frame' };
  const content = bytes.subarray(0, -1);
  return checkOf(content) === bytes.at(-1) ? { content } : { fault: 'wrong-check' };
}

function withoutEscapes(raw: Uint8Array): Buffer | undefined {
  const bytes = Buffer.alloc(raw.length);
  let length = 0;
  for (let index = 0; index < raw.length; index += 1) {
    let byte = raw[index];
    if (byte === escapeMark) {
      index += 1;
      byte = meaningOf(raw[index]);
    }
    if (byte === undefined) return undefined;
    bytes[length] = byte;
    length += 1;
  }
  return bytes.subarray(0, length);
}

function meaningOf(byte: number | undefined): number | undefined {
  if (byte === flagAfterEscape) return flag;
  return byte === escapeAfterEscape ? escapeMark : undefined;
}

function checkOf(content: Uint8Array): number {
  return content.reduce((check, byte) => check ^ byte, 0);
}
