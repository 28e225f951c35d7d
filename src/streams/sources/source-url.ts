import { StreamFailure } from '../stream-failure.ts';

/** A `source:` that is not RTSP, taken apart. */
export type OtherSource =
  | { readonly kind: 'push' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: URL }
  | { readonly kind: 'rtmp' | 'srt'; readonly url: URL };

/** What may stand behind the `?` of an srt:// source: nothing that makes ffmpeg listen, or write, or dial elsewhere. */
const srtOptions = new Set(['streamid', 'passphrase', 'pbkeylen', 'latency', 'transtype', 'mode']);
/** Nothing that could end a quoted word of ffmpeg's script. */
const plain = /^[\x21\x23-\x26\x28-\x5b\x5d-\x7e]+$/;

/** Undefined for what RTSP plays. Throws StreamFailure, which does not show the URL. */
export function parseOtherSource(source: string): OtherSource | undefined {
  if (source === 'rtmp') return { kind: 'push' };
  if (source.startsWith('file:')) return { kind: 'file', path: source.slice('file:'.length) };
  const scheme = /^(https?|rtmp|srt):\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  const url = URL.parse(source);
  if (!url?.hostname) throw new StreamFailure('protocol', 'The source is not a URL with a host.');
  if (scheme !== 'rtmp' && scheme !== 'srt') return { kind: 'http', url };
  if (!plain.test(url.href)) throw new StreamFailure('protocol', 'The source may hold no quote and no backslash.');
  if (scheme === 'srt') checkSrt(url);
  return { kind: scheme, url };
}

function checkSrt(url: URL): void {
  const known = [...url.searchParams.keys()].every((name) => srtOptions.has(name));
  const calls = (url.searchParams.get('mode') ?? 'caller') === 'caller';
  if (known && calls && url.port !== '') return;
  const names = [...srtOptions].join(', ');
  throw new StreamFailure('protocol', `An srt:// source needs a port and may say only ${names} (mode=caller).`);
}
