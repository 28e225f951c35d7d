import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import type { CameraEntry } from '../../../src/streams/config.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { type LumaPicture, lumaHeight, lumaWidth } from '../../../src/streams/self-test/luma-picture.ts';
import { SelfTest } from '../../../src/streams/self-test/self-test.ts';
import { SelfTestConfig } from '../../../src/streams/self-test/self-test-config.ts';
import { filled } from '../../helpers/filled.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { greyPicture, type Yuv } from '../../helpers/yuv.ts';
import { noisy, shifted, town } from './pictures.ts';

const entry: CameraEntry = {
  id: 'cam',
  source: 'rtsp://10.0.0.1/1',
  position: { lat: 27.3, lon: 105.3 },
  view: { bearing: 0, angle: 60, range: 400 },
};
const noon = Date.UTC(2026, 5, 1, 4);

function open(directory?: string, cameras: CameraEntry[] = [entry], offsetMs?: number) {
  const config = filled(SelfTestConfig);
  const resolved = resolveCameras({ cameras });
  const streamClock = () => offsetMs;
  const selfTest = new SelfTest({ cameras: resolved, config, directory, streamClock, log: silentLog });
  const told: string[] = [];
  selfTest.on('fault', ({ camera, kind }) => told.push(`${camera.id} ${kind}`));
  selfTest.on('over', (camera, kind) => told.push(`${camera} no ${kind}`));
  selfTest.on('changed', (camera) => told.push(`${camera} changed`));
  return {
    selfTest,
    told,
    configure: (...next: CameraEntry[]) => selfTest.configure(resolveCameras({ cameras: next })),
  };
}

const pictures = new Map<LumaPicture, Yuv>();
function decoded(picture: LumaPicture): Yuv {
  const known = pictures.get(picture);
  if (known) return known;
  const yuv = greyPicture(lumaWidth, lumaHeight, (x, y) => picture.luma[y * lumaWidth + x] ?? 0);
  pictures.set(picture, yuv);
  return yuv;
}

const home = [1, 2, 3].map((seed) => noisy(town(1), 4, seed));
const away = [1, 2, 3].map((seed) => noisy(shifted(town(1), 60, 0), 4, seed));

/** Pictures as the detector's sampler brings them, two a second, from a second of the noon on. */
async function show(selfTest: SelfTest, of: readonly LumaPicture[], [from, seconds]: [number, number]): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 0.5) {
    const picture = of[Math.floor(passed / 10) % of.length] ?? expect.unreachable();
    const at = new Date(noon + (from + passed) * 1_000);
    selfTest.frame({ camera: 'cam', at, release: () => undefined, ...decoded(picture) });
    // Until what was learnt before is read from the disk.
    if (passed === 0) await selfTest.clock('cam', 0);
  }
}

test('a camera that moves is told once, with what it was, and is learnt anew when an engineer says so', async () => {
  await using dir = await tempDir();
  const { selfTest, told } = open(dir.path);
  expect(selfTest.sight('cam')).toEqual({});
  await show(selfTest, home, [0, 120]);
  expect(selfTest.sight('cam')).toMatchObject({ health: { sees: 'well' } });
  await show(selfTest, away, [120, 300]);
  expect(told.filter((word) => word === 'cam moved')).toHaveLength(1);
  expect(selfTest.sight('cam')).toMatchObject({
    health: { sees: 'nothing', why: 'moved' },
    faults: [{ kind: 'moved', detail: expect.stringMatching(/^画面偏移约 1[6-9]%/) }],
  });
  await selfTest.relearn('cam');
  expect(told.slice(-2)).toEqual(['cam no moved', 'cam changed']);
  expect(await readdir(dir.path)).toEqual([]);
  await show(selfTest, away, [420, 300]);
  expect(selfTest.sight('cam')).toMatchObject({ health: { sees: 'well' } });
  await selfTest.close();
  await expect(selfTest.relearn('nobody')).rejects.toMatchObject({ statusCode: 404 });
});

test('what was learnt of a scene survives a restart: a camera that was moved meanwhile is found out', async () => {
  await using dir = await tempDir();
  const first = open(dir.path).selfTest;
  await show(first, home, [0, 120]);
  await first.close();
  expect(await readdir(dir.path)).toEqual(['cam.json']);
  const { selfTest, told } = open(dir.path);
  await show(selfTest, away, [600, 240]);
  expect(told).toContain('cam moved');
  await selfTest.close();
});

test('a camera that is gone, or is tested no more, has no faults', async () => {
  const { selfTest, told, configure } = open();
  await show(selfTest, home, [0, 120]);
  await show(selfTest, away, [120, 240]);
  configure({ ...entry, selfTest: false });
  expect(told.at(-1)).toBe('cam no moved');
  expect(selfTest.sight('cam')).toEqual({});
  await show(selfTest, away, [400, 60]);
  expect(selfTest.sight('cam')).toEqual({});
  configure();
  await selfTest.close();
});

test('the weather ends its sight, told with each change that matters, looked at or not', () => {
  const { selfTest, told } = open();
  for (const visibility of [8_000, 187, 184, 90, undefined]) selfTest.weather('cam', visibility);
  expect(told).toEqual(['cam changed', 'cam changed', 'cam changed']);
  selfTest.weather('cam', 187);
  expect(selfTest.sight('cam')).toEqual({ seesMeters: 180 });
});

test('a clock is known by the stream, or by what an ONVIF camera says when asked', async () => {
  const byStream = open(undefined, [entry], 7_000).selfTest;
  await show(byStream, home, [0, 30]);
  expect(byStream.sight('cam').health?.clockSeconds).toBe(7);
  const asked = open(undefined, [{ ...entry, source: 'onvif://10.0.0.1/' }], 7_000);
  await show(asked.selfTest, home, [0, 30]);
  expect(asked.selfTest.sight('cam').health?.clockSeconds).toBeUndefined();
  for (let answer = 0; answer < 2; answer += 1) await asked.selfTest.clock('cam', -90_000);
  expect(asked.selfTest.sight('cam')).toMatchObject({
    health: { sees: 'well', clockSeconds: -90 },
    faults: [{ kind: 'clock' }],
  });
  expect(asked.told).toContain('cam clock');
});

test('an encoder that hangs makes the camera blind at once', async () => {
  const { selfTest, told } = open();
  const status = (phase: 'stale' | 'live') => ({
    ...{ id: 'cam', name: 'cam', tags: [], detect: false, substream: false, viewers: 0 },
    state: { phase, since: '', ...(phase === 'stale' && { cause: 'frozen' as const }) },
  });
  selfTest.state(status('stale'));
  await expect.poll(() => told).toEqual(['cam frozen', 'cam changed']);
  expect(selfTest.sight('cam')).toMatchObject({ health: { sees: 'nothing', why: 'frozen' } });
  selfTest.state(status('stale'));
  selfTest.state(status('live'));
  await expect.poll(() => told.slice(2)).toEqual(['cam no frozen', 'cam changed']);
});
