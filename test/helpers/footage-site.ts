import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import { defaultModelPath } from '../../src/alerts/detection/default-model.ts';
import { Detection } from '../../src/alerts/detection/detection.ts';
import { DetectorPool } from '../../src/alerts/detection/detector-pool.ts';
import type { WatchedCamera } from '../../src/alerts/detection/watched-camera.ts';
import { silentLog } from '../../src/shared/log.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { openDesk } from '../alerts/alert-fixtures.ts';

export const footageFolder = fileURLToPath(new URL('../../../shared/footage', import.meta.url));

export const footageClip = (name: string) => join(footageFolder, `${name}.mp4`);

/** What a test's title says when the footage of real scenes, which lies outside of the project, is not there. */
export const noFootage = existsSync(footageFolder) ? '' : ' (skipped: ../shared/footage is not here)';

export interface FootageCamera {
  readonly id: string;
  /** The file it plays round and round. */
  readonly clip: string;
  readonly detect: WatchedCamera['detect'];
}

/** Cameras that play clips over RTSP, and all between them and the desk: relay, sampler, detector, tracker, rules. */
export async function watchFootage(cameras: readonly FootageCamera[]) {
  await using opened = new AsyncDisposableStack();
  const { desk } = opened.use(await openDesk());
  const told: { alert: Alert; at: number }[] = [];
  desk.on('changed', (alert) => told.push({ alert, at: Date.now() }));
  const sent = new Map<string, { picture: number; at: number }[]>(cameras.map(({ id }) => [id, []]));
  const streams = Object.fromEntries(
    cameras.map(({ id, clip }) => {
      const onPicture = (picture: number) => sent.get(id)?.push({ picture, at: Date.now() });
      return [`/${id}`, { clip, onPicture }];
    }),
  );
  const server = opened.use(await startRtspServer({ streams }));
  const pool = new DetectorPool({ model: defaultModelPath(), workers: 1, minScore: 0.1, log: silentLog });
  opened.defer(() => pool.close());
  pool.start();
  const video = new CameraStreams({
    cameras: resolveCameras({ cameras: cameras.map(({ id }) => ({ id, source: server.urlOf(`/${id}`) })) }),
    resolveOnvif: () => Promise.reject(new Error('no ONVIF here')),
    ffmpegPath: 'ffmpeg',
    log: silentLog,
  });
  opened.defer(() => video.close());
  const detection = new Detection({
    // A kilometre apart: what two of them see is not one event.
    cameras: cameras.map(({ id, detect }, n) => ({ id, position: { lat: 27.3 + n / 100, lon: 105.29 }, detect })),
    gate: { fullEveryMs: 30_000, mostRegions: 2 },
    detector: pool,
    frames: (camera, wanted) => video.frames(camera, wanted),
    observe: (observation) => desk.observe(observation),
    end: (key, at) => desk.end(key, at),
    log: silentLog,
  });
  opened.use(detection);
  detection.start();
  const left = opened.move();
  return {
    pool,
    desk,
    /** Every change of every alert, in order, and when the desk told of it. */
    told,
    /** When the camera last sent that picture before the moment; milliseconds since 1970. */
    sentAt: (camera: string, picture: number, before: number) =>
      sent.get(camera)?.findLast((one) => one.picture === picture && one.at <= before)?.at,
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}
