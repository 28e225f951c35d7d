/** No device has more to say in one message. */
export const largestPayloadBytes = 64 * 1024;
const deepest = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'too-large' | 'not-utf8' | 'too-deep' | 'not-json' };

/** JSON from a stranger: bounded in bytes and depth before the parser sees it, never throwing. */
export function parseJson(payload: Uint8Array): ParsedJson {
  if (payload.byteLength > largestPayloadBytes) return { ok: false, reason: 'too-large' };
  const text = decodeUtf8(payload);
  if (text === undefined) return { ok: false, reason: 'not-utf8' };
  if (depthOf(text) > deepest) return { ok: false, reason: 'too-deep' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
}

function decodeUtf8(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
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
