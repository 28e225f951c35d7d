import { expect, test } from 'vitest';
import { type SimulatedRtspServer, startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../src/shared/log.ts';
import { SamplerBusyError } from '../../src/streams/camera-errors.ts';
import { CameraStreams } from '../../src/streams/camera-streams.ts';
import { FfmpegMissingError, ffmpegCandidates, findFfmpeg } from '../../src/streams/ffmpeg.ts';
import { resolveCameras } from '../../src/streams/resolve-cameras.ts';
import { makeClip, run } from './clips.ts';

const login = { username: 'operator', password: 'canary-secret' };
/** The same order as in production, in a tenth of the time. */
const limits = { silentMs: 1_000, keylessMs: 2_500, frozenMs: 2_000, deadMs: 2_200 };

async function startCamera(clip: string) {
  const server = await startRtspServer({ streams: { '/main': { clip } }, ...login });
  const streams = streamsOf(server);
  return {
    server,
    streams,
    [Symbol.asyncDispose]: async () => {
      await streams.close();
      await server.close();
    },
  };
}

function streamsOf(server: SimulatedRtspServer): CameraStreams {
  const cameras = resolveCameras({ cameras: [{ id: 'cam', source: server.url, ...login }] });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  return new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 100, limits });
}

/** The ffmpeg processes this test started, by id. */
async function ownFfmpegs(): Promise<number[]> {
  const { stdout } = await run('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']).catch(() => ({ stdout: '' }));
  return stdout
    .split('\n')
    .filter((line) => line.includes('ffmpeg'))
    .map((line) => Number.parseInt(line, 10));
}

test.each(['h264', 'h265'] as const)(
  'frames of a %s camera are sampled by one ffmpeg, at most 1280 wide',
  async (codec) => {
    await using camera = await startCamera(await makeClip({ codec, size: '1600x900', slices: 1, seconds: 1 }));
    const ending = new AbortController();
    const sampled: [number, number, number][] = [];
    for await (const frame of camera.streams.frames('cam', { everyMs: 200, signal: ending.signal })) {
      sampled.push([frame.width, frame.height, frame.yuv.length]);
      if (sampled.length === 2) {
        expect(await ownFfmpegs()).toHaveLength(1);
        const second = camera.streams.frames('cam', { everyMs: 200, signal: ending.signal });
        await expect(second.next()).rejects.toThrow(SamplerBusyError);
      }
      if (sampled.length === 4) ending.abort();
    }
    expect(sampled).toEqual(Array(4).fill([1280, 720, 1280 * 720 * 1.5]));
    expect(await ownFfmpegs()).toEqual([]);
  },
);

test('a sampler goes on after its ffmpeg was killed and after the camera rebooted', async () => {
  await using camera = await startCamera(await makeClip({ size: '320x240' }));
  const ending = AbortSignal.timeout(20_000);
  let frames = 0;
  for await (const _ of camera.streams.frames('cam', { everyMs: 100, signal: ending })) {
    frames += 1;
    if (frames === 3) for (const pid of await ownFfmpegs()) process.kill(pid, 'SIGKILL');
    if (frames === 6) camera.server.dropAll();
    if (frames === 12) break;
  }
  expect(frames).toBe(12);
});

test('ten who ask for a snapshot get one picture; when the camera is off, the last one with its age', async () => {
  await using camera = await startCamera(await makeClip({ size: '640x360' }));
  const taken = await Promise.all(Array.from({ length: 10 }, () => camera.streams.snapshot('cam')));
  expect(new Set(taken.map(({ jpeg }) => jpeg)).size).toBe(1);
  expect(taken[0]?.jpeg.subarray(0, 2).toString('hex')).toBe('ffd8');
  expect(taken[0]?.live).toBe(true);
  await camera.server.refuse();
  await expect.poll(() => camera.streams.status('cam')?.state.phase).not.toBe('live');
  const old = await camera.streams.snapshot('cam');
  expect([old.live, taken[0]?.jpeg.equals(old.jpeg)]).toEqual([false, false]);
}, 30_000);

test('a camera that goes silent or freezes is stale with its cause, and live again when it recovers', async () => {
  await using camera = await startCamera(await makeClip({ size: '320x240' }));
  const state = () => camera.streams.status('cam')?.state;
  camera.streams.open({ camera: 'cam' }, { write: () => true, end: () => undefined });
  await expect.poll(() => state()?.phase, { timeout: 8_000 }).toBe('live');
  camera.server.freeze();
  await expect.poll(state, { timeout: 8_000 }).toMatchObject({ phase: 'stale', cause: 'frozen' });
  await camera.server.restore();
  await expect.poll(() => state()?.phase, { timeout: 8_000 }).toBe('live');
  camera.server.silence();
  await expect.poll(state, { timeout: 8_000, interval: 20 }).toMatchObject({ phase: 'stale', cause: 'no_packets' });
  await expect.poll(state, { timeout: 8_000, interval: 20 }).toMatchObject({ phase: 'waiting', cause: 'no_packets' });
  await camera.server.restore();
  await expect.poll(() => state()?.phase, { timeout: 15_000 }).toBe('live');
  expect(camera.server.clients).toBe(1);
}, 40_000);

test('closing while connecting leaves nothing behind', async () => {
  await using camera = await startCamera(await makeClip({ size: '320x240' }));
  camera.server.hang();
  camera.streams.open({ camera: 'cam' }, { write: () => true, end: () => undefined });
  await expect.poll(() => camera.server.clients).toBe(1);
  await camera.streams.close();
  expect(camera.streams.status('cam')?.state.phase).toBe('closed');
  await expect.poll(() => camera.server.clients).toBe(0);
});

test('ffmpeg is the first candidate that runs', async () => {
  expect(ffmpegCandidates('/opt/own')[0]).toBe('/opt/own');
  expect(await findFfmpeg(['/no/such/ffmpeg', '/etc/passwd', 'ffmpeg'])).toBe('ffmpeg');
  await expect(findFfmpeg(['/no/such/ffmpeg'])).rejects.toThrow(FfmpegMissingError);
});
