import { playFlv, type SessionEnds } from './flv-session.ts';
import { flvQuery, type Source } from './source.ts';
import { playWhep } from './whep-session.ts';

export type Moving = Exclude<Source, { kind: 'stills' }>;

export interface Wanted extends SessionEnds {
  readonly camera: string;
  readonly ticket: string;
}

/** Opens one attempt of a source in a video. Returns what stops it; throws when it is refused at once. */
export async function openSource(
  video: HTMLVideoElement,
  source: Moving,
  { camera, ticket, onEnd }: Wanted,
): Promise<() => void> {
  if (source.kind === 'whep') return await playWhep(video, addressOf(camera, 'whep', { ticket }), { onEnd });
  const url = addressOf(camera, 'flv', { ...flvQuery(source), ticket }).replace(/^http/, 'ws');
  return await playFlv(video, url, { onEnd, hasAudio: source.sound });
}

/** Whether the server has no transcoder free: a WebSocket that is refused does not say why. */
export async function transcodersBusy(camera: string, ticket: string): Promise<boolean> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(10_000)]);
  const address = addressOf(camera, 'flv', { codec: 'h264', audio: '0', ticket });
  const status = await fetch(address, { signal }).then(
    (response) => response.status,
    () => undefined,
  );
  leaving.abort();
  return status === 503;
}

function addressOf(camera: string, kind: 'flv' | 'whep', query: Record<string, string>): string {
  const path = `/streams/${encodeURIComponent(camera)}.${kind}?${new URLSearchParams(query)}`;
  return new URL(path, location.href).href;
}
