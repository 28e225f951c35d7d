import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { FlvReader } from '../../../src/streams/flv/flv-reader.ts';
import type { ViewerEnd } from '../../../src/streams/hub/hub-viewer.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { TranscodersBusyError } from '../../../src/streams/transcode/transcoder-slots.ts';
import { descendantsOf, isRunning } from '../../helpers/processes.ts';
import { makeClip } from '../clips.ts';

const bridge = 'demo/clips/bridge-h265.mp4';

async function startCameras(clips: Record<string, string>, { transcoders = 2, lingerMs = 100 } = {}) {
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
class Viewer {
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

const ffmpegs = () => descendantsOf(process.pid).filter(({ name }) => name === 'ffmpeg');
const wait = { timeout: 20_000, interval: 20 };

test('an H.265 camera is H.264 for all who ask, by one process, with the times of its pictures', async () => {
  await using house = await startCameras({ bridge });
  const [plain, first, second] = [new Viewer(), new Viewer(), new Viewer()];
  const wanted = { camera: 'bridge', codec: 'h264' } as const;
  house.streams.open({ camera: 'bridge' }, plain);
  house.streams.open(wanted, first);
  await expect.poll(() => first.pictures.length, wait).toBeGreaterThan(30);
  const before = first.pictures.length;
  house.streams.open(wanted, second);
  // From what is kept since the last key picture: nothing new came in between.
  expect([second.pictures.length > 0, first.pictures.length]).toEqual([true, before]);
  expect(ffmpegs()).toHaveLength(1);
  expect([plain.pictures[0]?.codec, first.pictures[0]?.codec]).toEqual(['h265', 'h264']);
  const steps = first.pictures.map(({ timestamp }, index, all) => timestamp - (all[index - 1]?.timestamp ?? timestamp));
  // Fifteen pictures a second, to the millisecond.
  expect(steps.slice(1).every((step) => step >= 65 * 90 && step <= 68 * 90)).toBe(true);
  expect(house.streams.status('bridge')).toMatchObject({ viewers: 3, video: { codec: 'h265' } });
  expect(house.server.dials).toBe(1);
  const [facts] = house.streams.transcoded();
  expect(facts).toMatchObject({ camera: 'bridge', profile: 'main', viewers: 2, restarts: 0, dropped: 0 });
  expect(facts?.latencyMs).toBeLessThan(1_000);
}, 60_000);

test('the process ends after the last viewer; a killed one is followed by another within two seconds', async () => {
  await using house = await startCameras({ bridge });
  const viewer = new Viewer();
  const opened = house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(20);
  const [child] = ffmpegs();
  process.kill(child?.pid ?? 0, 'SIGKILL');
  const [killedAt, seen] = [performance.now(), viewer.pictures.length];
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(seen + 10);
  const next = viewer.times.find((time) => time > killedAt + 150) ?? Number.POSITIVE_INFINITY;
  expect(next - killedAt).toBeLessThan(2_000);
  const times = viewer.pictures.map(({ timestamp }) => timestamp);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const [other, ...more] = ffmpegs();
  expect([other?.pid === child?.pid, more]).toEqual([false, []]);
  opened.close('left');
  await expect.poll(() => ffmpegs(), wait).toEqual([]);
  expect(house.streams.transcoded()).toEqual([]);
  expect(other && isRunning(other)).toBe(false);
}, 60_000);

test('a process that hangs is killed, and another goes on', async () => {
  await using house = await startCameras({ bridge });
  const viewer = new Viewer();
  house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(20);
  const [child] = ffmpegs();
  process.kill(child?.pid ?? 0, 'SIGSTOP');
  await expect.poll(() => child && isRunning(child), wait).toBe(false);
  const seen = viewer.pictures.length;
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(seen + 10);
  expect(ffmpegs()).toHaveLength(1);
  expect(house.streams.transcoded()).toMatchObject([{ restarts: 1 }]);
}, 90_000);

test('an H.264 camera is shown as it is', async () => {
  await using house = await startCameras({ traffic: await makeClip({ size: '320x240' }) });
  const [unknown, known] = [new Viewer(), new Viewer()];
  const wanted = { camera: 'traffic', codec: 'h264' } as const;
  house.streams.open(wanted, unknown);
  await expect.poll(() => unknown.pictures.length, wait).toBeGreaterThan(10);
  house.streams.open(wanted, known);
  await expect.poll(() => known.pictures.length, wait).toBeGreaterThan(10);
  expect(ffmpegs()).toEqual([]);
  expect(house.streams.status('traffic')?.viewers).toBe(2);
}, 60_000);

test('beyond the limit a viewer is refused; a stream that nobody watches any more gives way', async () => {
  await using house = await startCameras({ one: bridge, two: bridge }, { transcoders: 1, lingerMs: 60_000 });
  const [one, two] = [new Viewer(), new Viewer()];
  const hold = new Viewer();
  house.streams.open({ camera: 'two' }, hold);
  const opened = house.streams.open({ camera: 'one', codec: 'h264' }, one);
  await expect.poll(() => one.pictures.length > 0 && hold.pictures.length > 0, wait).toBe(true);
  const wanted = { camera: 'two', codec: 'h264' } as const;
  expect(() => house.streams.admit(wanted)).toThrow(TranscodersBusyError);
  expect(() => house.streams.open(wanted, two)).toThrow(TranscodersBusyError);
  house.streams.admit({ camera: 'one', codec: 'h264' });
  opened.close('left');
  expect(ffmpegs()).toHaveLength(1);
  house.streams.open(wanted, two);
  await expect.poll(() => two.pictures.length, wait).toBeGreaterThan(5);
  await expect.poll(() => ffmpegs(), wait).toHaveLength(1);
}, 60_000);

test('a viewer of a camera that turns out to send H.265 when no slot is free is let go', async () => {
  await using house = await startCameras({ bridge }, { transcoders: 0 });
  const viewer = new Viewer();
  house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.ended, wait).toBe('closed');
  expect(viewer.pictures).toEqual([]);
}, 60_000);
