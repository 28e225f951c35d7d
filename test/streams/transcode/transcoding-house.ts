import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { FlvReader } from '../../../src/streams/flv/flv-reader.ts';
import type { ViewerEnd } from '../../../src/streams/hub/hub-viewer.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { descendantsOf } from '../../helpers/processes.ts';

export const bridge = 'demo/clips/bridge-h265.mp4';

/** Cameras that play these clips, by id. */
export async function startCameras(clips: Record<string, string>, { transcoders = 2, lingerMs = 100 } = {}) {
  const entries = Object.entries(clips);
  const server = await startRtspServer({
    streams: Object.fromEntries(entries.map(([id, clip]) => [`/${id}`, { clip }])),
  });
  const cameras = resolveCameras({ cameras: entries.map(([id]) => ({ id, source: server.urlOf(`/${id}`) })) });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const options = { cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs, transcoders };
  const streams = new CameraStreams(options);
  return {
    server,
    streams,
    [Symbol.asyncDispose]: async () => {
      await streams.close();
      await server.close();
    },
  };
}

/** Reads what a viewer is sent. */
export class Viewer {
  readonly pictures: AccessUnit[] = [];
  readonly times: number[] = [];
  ended: ViewerEnd | undefined;
  readonly #reader = new FlvReader({ picture: (unit) => this.#take(unit) });
  write = (data: Buffer): boolean => {
    this.#reader.push(data);
    return true;
  };
  end = (reason: ViewerEnd): void => {
    this.ended = reason;
  };
  #take(unit: AccessUnit): void {
    this.pictures.push(unit);
    this.times.push(performance.now());
  }
}

/** Those this process has started. */
export const ffmpegs = () => descendantsOf(process.pid).filter(({ name }) => name === 'ffmpeg');
export const wait = { timeout: 40_000, interval: 20 };
