import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RtspStreamOptions } from '../../../demo/simulators/rtsp/load-streams.ts';
import type { RtspOddities } from '../../../demo/simulators/rtsp/rtsp-oddities.ts';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import type { CameraStatus } from '../../../src/streams/cameras/camera-status.ts';
import { StreamHub } from '../../../src/streams/hub/stream-hub.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { makeClip, run } from '../clips.ts';
import { sets, slice } from '../rtp/packets.ts';
import { makeClipWithSound } from './sounds.ts';

async function startCamera(stream: RtspStreamOptions, odd: RtspOddities = {}) {
  const server = await startRtspServer({ streams: { '/main': stream }, odd });
  const cameras = resolveCameras({ cameras: [{ id: 'cam', source: server.url }] });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 100 });
  return {
    server,
    streams,
    [Symbol.asyncDispose]: async () => {
      await streams.close();
      await server.close();
    },
  };
}

type Camera = Awaited<ReturnType<typeof startCamera>>;

/** What a viewer gets. */
class Tap {
  readonly taken: Buffer[] = [];
  /** How the camera said its sound stands, at the end. */
  sound: CameraStatus['sound'];

  write = (data: Buffer): boolean => {
    this.taken.push(data);
    return true;
  };

  end = (): void => undefined;

  /** Times of the tags of one type, but for sequence headers. */
  times(type: number): number[] {
    const tags = this.taken.slice(1).filter((tag) => tag[0] === type && tag[12] !== 0);
    return tags.map((tag) => tag.readUIntBE(4, 3) + tag.readUInt8(7) * 0x1000000);
  }

  get heard(): Buffer[] {
    return this.taken.slice(1).filter((tag) => tag[0] === 8 && tag[12] === 1 && tag.length > 11 + 2 + 7 + 4);
  }
}

async function watch(camera: Camera, { seconds = 3, audio = true } = {}): Promise<Tap> {
  const tap = new Tap();
  const viewer = camera.streams.open({ camera: 'cam', audio }, tap);
  const enough = () => (tap.times(9).at(-1) ?? 0) >= seconds * 1_000;
  await vi.waitUntil(enough, { timeout: 30_000, interval: 50 });
  tap.sound = camera.streams.status('cam')?.sound;
  viewer.close('left');
  return tap;
}

/** What ffprobe and ffmpeg say of the bytes that a viewer got. */
async function judged(tap: Pick<Tap, 'taken'>) {
  const directory = await mkdtemp(join(tmpdir(), 'tianliang-sound-'));
  const path = join(directory, 'watched.flv');
  await writeFile(path, Buffer.concat(tap.taken));
  const shown = ['-show_entries', 'stream=codec_name,sample_rate,channels', '-of', 'csv=p=0'];
  const probe = await run('ffprobe', ['-loglevel', 'error', ...shown, path]);
  const decode = await run('ffmpeg', ['-hide_banner', '-i', path, '-af', 'volumedetect', '-f', 'null', '-']);
  const complaints = await run('ffmpeg', ['-loglevel', 'warning', '-i', path, '-f', 'null', '-']);
  await rm(directory, { recursive: true });
  const meanVolume = Number(/mean_volume: (-?[\d.]+) dB/.exec(decode.stderr)?.[1] ?? Number.NEGATIVE_INFINITY);
  return { streams: probe.stdout.trim().split('\n').sort(), meanVolume, complaints: complaints.stderr };
}

const worstGap = (times: readonly number[]) =>
  Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));

/** The ffmpeg processes this test started, by id. */
async function ownFfmpegs(): Promise<number[]> {
  const { stdout } = await run('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']).catch(() => ({ stdout: '' }));
  const lines = stdout.split('\n').filter((line) => line.includes('adts'));
  return lines.map((line) => Number.parseInt(line, 10));
}

/* Here no ffmpeg of ours runs, and nobody counts them: all at once. */

test.concurrent.each([
  [48_000, 2],
  [16_000, 1],
] as const)('AAC of %d Hz and %d channels is heard as it is, beside its picture', async (rate, channels) => {
  await using camera = await startCamera({ clip: await makeClipWithSound({ rate, channels }), sound: 'aac' });
  const tap = await watch(camera);
  const { streams, meanVolume, complaints } = await judged(tap);
  expect(streams).toEqual([`aac,${rate},${channels}`, 'h264']);
  expect(meanVolume).toBeGreaterThan(-40);
  expect(complaints).toBe('');
  const times = tap.times(8);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(Math.abs((times.at(-1) ?? 0) - (tap.times(9).at(-1) ?? 0))).toBeLessThan(600);
  expect(tap.sound).toEqual({ codec: 'aac', played: true });
});

test.concurrent('a camera that will not set up its sound is shown without', async () => {
  await using camera = await startCamera({ clip: await makeClipWithSound(), sound: 'aac' }, { refusesSound: true });
  const tap = await watch(camera, { seconds: 1 });
  expect([tap.taken[0]?.[4], tap.times(8), tap.sound]).toEqual([0x01, [], undefined]);
});

test.concurrent('a camera whose microphone is off is shown at once: silence stands for the sound it offers', async () => {
  await using camera = await startCamera({ clip: await makeClipWithSound(), sound: 'aac' }, { micOff: true });
  const tap = await watch(camera, { seconds: 2 });
  const times = tap.times(8);
  expect(worstGap(times)).toBeLessThan(30);
  expect((tap.times(9).at(-1) ?? 0) - (times.at(-1) ?? 0)).toBeLessThan(100);
  const { streams, meanVolume, complaints } = await judged(tap);
  expect([streams, complaints]).toEqual([['aac,48000,2', 'h264'], '']);
  expect(meanVolume).toBeLessThan(-85);
});

test.concurrent.each([
  ['1408', 1],
  ['1190', 2],
] as const)('silence (configuration %s) is what a decoder takes for silence', async (config, channels) => {
  const hub = new StreamHub();
  const tap = new Tap();
  hub.announceSound({ config: Buffer.from(config, 'hex'), channels });
  hub.view(tap, () => undefined);
  const parameters = { sps: sets.h264Sps, pps: [sets.h264Pps] };
  for (let index = 0; index < 50; index += 1) {
    const picture = {
      codec: 'h264',
      key: true,
      nals: [slice(1, { key: true })],
      parameters,
      afterLoss: false,
    } as const;
    hub.publish({ ...picture, timestamp: index * 3_600 });
  }
  expect(tap.times(8).length).toBeGreaterThan(25);
  const sound = { taken: tap.taken.filter((tag, index) => index === 0 || tag[0] === 8) };
  const { meanVolume, complaints } = await judged(sound);
  expect(meanVolume).toBeLessThan(-85);
  expect(complaints).toBe('');
});

/* From here on each counts the processes that it starts. */

test.each(['pcma', 'pcmu'] as const)(
  '%s is heard as AAC by one ffmpeg, which runs while somebody listens',
  async (codec) => {
    await using camera = await startCamera({ clip: await makeClip({ size: '320x240' }), sound: codec });
    const deaf = await watch(camera, { seconds: 1, audio: false });
    expect(deaf.taken[0]?.[4]).toBe(0x01);
    expect(deaf.times(8)).toEqual([]);
    expect(await ownFfmpegs()).toEqual([]);
    const [first, second] = [new Tap(), new Tap()];
    const viewers = [first, second].map((tap) => camera.streams.open({ camera: 'cam' }, tap));
    await expect.poll(() => Math.min(first.heard.length, second.heard.length), { timeout: 30_000 }).toBeGreaterThan(40);
    expect(await ownFfmpegs()).toHaveLength(1);
    for (const viewer of viewers) viewer.close('left');
    await expect.poll(ownFfmpegs, { timeout: 10_000 }).toEqual([]);
    const { streams, meanVolume, complaints } = await judged(first);
    expect(streams).toEqual(['aac,16000,1', 'h264']);
    expect(meanVolume).toBeGreaterThan(-40);
    expect(complaints).toBe('');
    expect(worstGap(first.times(8))).toBeLessThan(1_000);
  },
);

test('a transcoder that is killed is started again, and the picture never waits for it', async () => {
  await using camera = await startCamera({ clip: await makeClip({ size: '320x240' }), sound: 'pcma' });
  const tap = new Tap();
  const viewer = camera.streams.open({ camera: 'cam' }, tap);
  await expect.poll(() => tap.heard.length, { timeout: 30_000 }).toBeGreaterThan(5);
  const [pid] = await ownFfmpegs();
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await expect.poll(async () => (await ownFfmpegs())[0] ?? pid, { timeout: 20_000 }).not.toBe(pid);
  const before = tap.heard.length;
  await expect.poll(() => tap.heard.length, { timeout: 30_000 }).toBeGreaterThan(before + 10);
  viewer.close('left');
  expect(worstGap(tap.times(9))).toBeLessThan(1_500);
  expect(worstGap(tap.times(8))).toBeLessThan(1_000);
});

test('a stream that is turned from H.265 into H.264 keeps its sound, and both end with the last listener', async () => {
  const clip = await makeClip({ codec: 'h265', size: '320x240', slices: 1 });
  await using camera = await startCamera({ clip, sound: 'pcmu' });
  const [deaf, tap] = [new Tap(), new Tap()];
  const wanted = { camera: 'cam', codec: 'h264' } as const;
  const viewers = [camera.streams.open({ ...wanted, audio: false }, deaf)];
  await expect.poll(() => deaf.times(9).length, { timeout: 40_000 }).toBeGreaterThan(25);
  expect([deaf.taken[0]?.[4], await ownFfmpegs()]).toEqual([0x01, []]);
  viewers.push(camera.streams.open(wanted, tap));
  await expect.poll(() => tap.heard.length, { timeout: 30_000 }).toBeGreaterThan(30);
  for (const viewer of viewers) viewer.close('left');
  await expect.poll(ownFfmpegs, { timeout: 10_000 }).toEqual([]);
  const { streams, meanVolume, complaints } = await judged(tap);
  expect(streams).toEqual(['aac,16000,1', 'h264']);
  expect(meanVolume).toBeGreaterThan(-40);
  expect(complaints).toBe('');
  expect(Math.abs((tap.times(8).at(-1) ?? 0) - (tap.times(9).at(-1) ?? 0))).toBeLessThan(1_200);
});

test('closing while somebody listens leaves no process', async () => {
  const camera = await startCamera({ clip: await makeClip({ size: '320x240' }), sound: 'pcmu' });
  const tap = new Tap();
  camera.streams.open({ camera: 'cam' }, tap);
  await expect.poll(() => tap.heard.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await camera[Symbol.asyncDispose]();
  expect(await ownFfmpegs()).toEqual([]);
});
