/** One way of getting a camera's picture. */
export type Source =
  | { readonly kind: 'whep' }
  | { readonly kind: 'flv'; readonly sub: boolean; readonly asH264: boolean; readonly sound: boolean }
  | { readonly kind: 'stills' };

/** What did not work here: ways are remembered as long as the page lives. */
export type Failure = 'whep' | 'h265' | 'h264-busy';

export interface SourceQuestion {
  /** Of the camera's main stream; undefined before anybody has seen it. */
  readonly codec: 'h264' | 'h265' | undefined;
  readonly substream: boolean;
  /** A tile of the row, or the one picture that somebody looks at. */
  readonly size: 'tile' | 'focus';
  /** Whether somebody wants to hear it. */
  readonly sound: boolean;
  readonly browser: { readonly h265: boolean; readonly whep: boolean };
  readonly failed: ReadonlySet<Failure>;
}

/** The best way that has not failed: WebRTC has the least delay, FLV carries all, stills show something at least. */
export function sourceFor({ codec, substream, size, sound, browser, failed }: SourceQuestion): Source {
  const whep = browser.whep && !failed.has('whep') && codec === 'h264';
  if (size === 'focus' && whep && !sound) return { kind: 'whep' };
  const asH264 = failed.has('h265') || (codec === 'h265' && !browser.h265);
  if (asH264 && failed.has('h264-busy')) return { kind: 'stills' };
  return { kind: 'flv', sub: size === 'tile' && substream, asH264, sound };
}

/** The query of `/streams/ID.flv` that asks for it. */
export function flvQuery({ sub, asH264, sound }: Extract<Source, { kind: 'flv' }>): Record<string, string> {
  return { ...(sub && { profile: 'sub' }), ...(asH264 && { codec: 'h264' }), ...(!sound && { audio: '0' }) };
}

/** What an attempt's end says of its way: that it does not work here, that the server must be asked why, or nothing. */
export type Verdict = Failure | 'unconnected' | 'ask' | undefined;

/** `shown` is an attempt that has shown a picture. */
export function verdictOn(source: Source, cause: string, shown: boolean): Verdict {
  if (source.kind === 'stills') return undefined;
  if (source.kind === 'flv') return verdictOnFlv(source.asH264, cause, shown);
  if (shown) return undefined;
  return cause === 'timeout' ? 'unconnected' : 'whep';
}

function verdictOnFlv(asH264: boolean, cause: string, shown: boolean): Verdict {
  if (/codec/i.test(cause)) return asH264 ? 'h264-busy' : 'h265';
  return asH264 && !shown ? 'ask' : undefined;
}
