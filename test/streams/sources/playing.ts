import { silentLog } from '../../../src/shared/log.ts';
import type { CameraConfig } from '../../../src/streams/resolve-cameras.ts';
import type { AudioFrame } from '../../../src/streams/rtp/audio-frame.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { OtherSources } from '../../../src/streams/sources/other-sources.ts';
import type { StreamFailure } from '../../../src/streams/stream-failure.ts';
import { failureOf } from '../../../src/streams/stream-failure.ts';

/** In seconds what is minutes in production. */
export const limits = { silentMs: 2_000, keylessMs: 6_000, frozenMs: 20_000, deadMs: 5_000 };

export function camera(source: string, more: Partial<CameraConfig> = {}): CameraConfig {
  return { id: 'cam', name: 'cam', tags: [], source, ...more };
}

export function startSources(
  cameras: readonly CameraConfig[],
  { allow = ['127.0.0.0/8'], log = silentLog, ffmpegPath = 'ffmpeg' } = {},
) {
  const rtmp = { host: '127.0.0.1', port: 0 };
  const sources = new OtherSources({ cameras, rtmp, sources: { allow }, ffmpegPath, log, limits });
  sources.start();
  return { sources, [Symbol.asyncDispose]: () => sources.close() };
}

/** One attempt at a camera's source, and all it showed. */
export function play(sources: OtherSources, config: CameraConfig) {
  const pictures: AccessUnit[] = [];
  const sounds: AudioFrame[] = [];
  const awaited: StreamFailure[] = [];
  const verdicts: string[] = [];
  const ending = new AbortController();
  const run = sources.sessionOf(config);
  if (!run) throw new Error('RTSP plays this');
  const events = {
    playing: () => undefined,
    picture: (unit: AccessUnit) => void pictures.push(unit),
    sound: (frame: AudioFrame) => void sounds.push(frame),
    awaits: (failure: StreamFailure) => void awaited.push(failure),
    verdict: (verdict: string) => void verdicts.push(verdict),
  };
  const ended = run(events, ending.signal).then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );
  const stop = async () => {
    ending.abort();
    return await ended;
  };
  return { pictures, sounds, awaited, verdicts, ended, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
