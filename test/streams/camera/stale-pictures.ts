import { expect, vi } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import type { WatchLimits } from '../../../src/streams/camera/picture-watch.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { makeClip } from '../clips.ts';

/** One camera, watched by one viewer whose FLV tags are read: kind and time of each. */
export async function openWatched(limits?: WatchLimits) {
  await using opened = new AsyncDisposableStack();
  const clip = await makeClip({ size: '320x240', gop: 10 });
  const camera = opened.use(await startRtspServer({ streams: { '/main': { clip } } }));
  const cameras = resolveCameras({ cameras: [{ id: 'cam', source: camera.url }] });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const options = { cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, ...(limits && { limits }) };
  const house = opened.use(new CameraStreams(options));
  const tags = new TagTimes();
  house.open({ camera: 'cam' }, { write: (data) => tags.read(data), end: () => undefined });
  const left = opened.move();
  const state = () => house.status('cam')?.state;
  return { camera, house, tags, state, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

type Watched = Awaited<ReturnType<typeof openWatched>>;

/** How long it takes until the camera stands so, milliseconds. */
export async function until(watched: Watched, wanted: object, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  await vi.waitFor(() => expect(watched.state()).toMatchObject(wanted), { timeout: withinMs, interval: 20 });
  return Math.round(performance.now() - startedAt);
}

/** Times of the video tags of an FLV stream (Adobe FLV 10.1 §E.4.1), milliseconds. */
class TagTimes {
  readonly times: number[] = [];
  #rest = Buffer.alloc(0);
  #begun = false;

  /** The largest step from one picture to the next, either way, from a picture on. */
  largestStep(from = 0): number {
    const times = this.times.slice(from);
    return Math.max(0, ...times.slice(1).map((time, index) => Math.abs(time - (times[index] ?? time))));
  }

  read(data: Buffer): true {
    this.#rest = Buffer.concat([this.#rest, data]);
    if (!this.#begun && this.#rest.length >= 13) {
      this.#rest = this.#rest.subarray(13);
      this.#begun = true;
    }
    while (this.#begun && this.#take());
    return true;
  }

  #take(): boolean {
    const tag = this.#rest;
    const whole = tag.length >= 11 ? 15 + tag.readUIntBE(1, 3) : Number.POSITIVE_INFINITY;
    if (tag.length < whole) return false;
    if (tag[0] === 9) this.times.push(tag.readUIntBE(4, 3) + (tag[7] ?? 0) * 2 ** 24);
    this.#rest = tag.subarray(whole);
    return true;
  }
}
