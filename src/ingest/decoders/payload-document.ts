import { type ParsedJson, parseJson } from './bounded-json.ts';

/** JSON; or, where `bare` text will do, the text itself without the space around it: `21.5`, `Online`. */
export function readDocument(payload: Uint8Array, bare: boolean): ParsedJson {
  const json = parseJson(payload);
  if (json.ok || !bare || json.reason === 'too-large' || json.reason === 'not-utf8') return json;
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString().trim();
  return text === '' ? json : { ok: true, value: text };
}
