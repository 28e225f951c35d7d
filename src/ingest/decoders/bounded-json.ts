import { isUtf8 } from 'node:buffer';

/** No device has more to say in one message. */
export const largestPayloadBytes = 64 * 1024;
const deepest = 16;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'too-large' | 'not-utf8' | 'too-deep' | 'not-json' };

/** JSON from a stranger: bounded in bytes and depth before the parser sees it, never throwing. */
export function parseJson(payload: Uint8Array): ParsedJson {
  if (payload.byteLength > largestPayloadBytes) return { ok: false, reason: 'too-large' };
  if (!isUtf8(payload)) return { ok: false, reason: 'not-utf8' };
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString();
  if (depthOf(text) > deepest) return { ok: false, reason: 'too-deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
}

/** Counts brackets, also those within strings: an over-estimate that no honest message reaches. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index) | 0x20;
    if (code === 0x7b) depth += 1;
    else if (code === 0x7d) depth -= 1;
    if (depth > most) most = depth;
  }
  return most;
}
