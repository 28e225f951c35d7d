import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { Detection, type DetectionOptions } from '../../../src/alerts/detection/detection.ts';
import type { CameraFrame, Detected, Sighting } from '../../../src/alerts/detection/model.ts';
import { snapshotJpeg } from '../../../src/alerts/detection/snapshot-jpeg.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import type { Observation } from '../../../src/alerts/observation.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const start = Date.parse('2026-11-21T02:47:00Z');
const figure = { x: 0.7, y: 0.4, width: 0.05, height: 0.25 };
const size = { width: 320, height: 180 };

function camera(id: string, more: Partial<WatchedCamera> = {}): WatchedCamera {
  const zones = [
    {
      id: 'hard-shoulder',
      polygon: [
        [0.6, 0.4],
        [1, 0.4],
        [1, 1],
        [0.6, 1],
      ] as const,
      dwell: 3,
    },
  ];
  return {
    id,
    name: id,
    position: { lat: 27.3, lon: 105.29 },
    road: 'G76',
    stake: 'K1432+120',
    detect: { zones },
    ...more,
  };
}

/** One frame every half second of `seconds`, each as soon as the one before was taken. */
async function* frames(id: string, seconds: number): AsyncGenerator<CameraFrame> {
  for (let ms = 0; ms <= seconds * 1_000; ms += 500) {
    yield { camera: id, at: new Date(start + ms), ...greyPicture(size.width, size.height, 70) };
    await sleep(1);
  }
}

/** Sees a person from the second second to the seventh. */
async function detect(frame: CameraFrame): Promise<Detected> {
  const second = (frame.at.getTime() - start) / 1_000;
  const sightings: Sighting[] = second >= 2 && second <= 7 ? [{ label: 'person', score: 0.61, box: figure }] : [];
  return { frame, sightings };
}

interface Told {
  readonly observed: Observation[];
  readonly ended: [key: string, at: Date][];
}

/** Plays twenty seconds; at the seconds of `pauses` it waits until that picture was told, as a camera's pace would. */
async function watch(
  cameras: WatchedCamera[],
  { pauses = [], ...options }: Partial<DetectionOptions> & { pauses?: readonly number[] } = {},
): Promise<Told> {
  const told: Told = { observed: [], ended: [] };
  const isTold = (at: Date) => told.observed.some((each) => each.at.getTime() === at.getTime());
  const drained = new Set<string>();
  const all = Promise.withResolvers<void>();
  await using detection = new Detection({
    cameras,
    detector: { detect },
    frames: async function* (id, { signal }) {
      for await (const frame of frames(id, 20)) {
        yield frame;
        if (!pauses.includes((frame.at.getTime() - start) / 1_000)) continue;
        await vi.waitFor(() => expect(isTold(frame.at)).toBe(true), { timeout: 3_000, interval: 5 });
      }
      drained.add(id);
      if (drained.size === cameras.length) all.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    end: async (...ended) => told.ended.push(ended),
    log: silentLog,
    ...options,
    observe: async (observation) => {
      told.observed.push(observation);
      await options.observe?.(observation);
    },
  });
  detection.start();
  await all.promise;
  if (pauses.length > 0) await vi.waitFor(() => expect(told.ended).toHaveLength(1), { timeout: 3_000 });
  return told;
}

test('somebody on the hard shoulder is observed once with a picture, told again while they stay, and ended', async () => {
  const { observed, ended } = await watch([camera('k1432-120')], { pauses: [5, 6, 7] });
  const [first, ...later] = observed;
  expect(first).toMatchObject({
    key: 'person:k1432-120:hard-shoulder',
    kind: 'person-on-road',
    severity: 'critical',
    at: new Date(start + 5_000),
    position: { lat: 27.3, lon: 105.29 },
    title: '行人进入硬路肩',
    camera: 'k1432-120',
    road: 'G76',
    stake: 'K1432+120',
    box: { ...figure, score: 0.61 },
  });
  expect(first?.reasons).toMatchObject([
    { text: '在硬路肩停留 3 s，门限 3 s', value: 3, limit: 3, unit: 's' },
    { text: '模型置信度 0.61，门限 0.35', value: 0.61, limit: 0.35 },
  ]);
  expect(first?.why).toMatchObject({
    rule: 'presence',
    at: new Date(start + 5_000).toISOString(),
    place: { type: 'zone', id: 'hard-shoulder', name: '硬路肩', points: [[0.6, 0.4], {}, {}, {}] },
    things: [{ label: 'person', score: 0.61, seconds: 3, ...figure }],
    dwell: 3,
    limits: { objects: ['person'], score: 0.35, dwell: 3, minSize: 0, cooldown: 0, clear: 10 },
  });
  expect(await sharp(first?.snapshot).metadata()).toMatchObject({ format: 'jpeg', ...size });
  expect(later.map(({ at, snapshot }) => [at.getTime() - start, snapshot])).toEqual([
    [6_000, undefined],
    [7_000, undefined],
  ]);
  expect(ended).toEqual([['person:k1432-120:hard-shoulder', new Date(start + 7_000)]]);
});

test('a zone off the road makes another kind of alert', async () => {
  const zones = [
    {
      id: 'slope',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as const,
      road: false,
    },
  ];
  const { observed } = await watch([camera('a', { detect: { zones } })], { pauses: [5, 6, 7] });
  expect(observed[0]).toMatchObject({ kind: 'person-in-zone', severity: 'major', title: '行人进入区域 slope' });
});

test('what stands in a mask, or is not looked for, is not observed', async () => {
  const { zones = [] } = camera('a').detect;
  const masks = [
    [
      [0.6, 0.5],
      [0.9, 0.5],
      [0.9, 0.8],
      [0.6, 0.8],
    ] as const,
  ];
  expect((await watch([camera('a', { detect: { zones, masks } })])).observed).toEqual([]);
  expect((await watch([camera('a', { detect: { zones, objects: ['cow'] } })])).observed).toEqual([]);
});

test('an observation the desk refused is told again with the next picture', async () => {
  let tries = 0;
  const { observed } = await watch([camera('a')], {
    pauses: [5, 5.5, 6, 7],
    observe: async () => {
      tries += 1;
      if (tries < 3) throw new Error('disk full');
    },
  });
  expect(observed.slice(0, 3).map(({ snapshot }) => snapshot !== undefined)).toEqual([true, true, true]);
  expect(observed.slice(3).every(({ snapshot }) => snapshot === undefined)).toBe(true);
});

test('a camera that fails does not stop the others, and one without zones is not watched', async () => {
  const asked: string[] = [];
  const seen = Promise.withResolvers<Observation>();
  await using detection = new Detection({
    cameras: [camera('broken'), camera('idle', { detect: {} }), camera('good')],
    detector: { detect },
    frames: (id) => {
      asked.push(id);
      if (id === 'broken') throw new Error('unplugged');
      return frames(id, 20);
    },
    observe: async (observation) => seen.resolve(observation),
    end: async () => undefined,
    log: silentLog,
  });
  detection.start();
  expect((await seen.promise).camera).toBe('good');
  expect(asked).not.toContain('idle');
});

test('a snapshot of noise stays under 200 KiB', async () => {
  const yuv = new Uint8Array(1280 * 720 * 1.5);
  for (let at = 0; at < yuv.length; at += 65_536) crypto.getRandomValues(yuv.subarray(at, at + 65_536));
  const jpeg = await snapshotJpeg({ width: 1280, height: 720, yuv }, figure);
  expect(jpeg.length).toBeLessThanOrEqual(200 * 1024);
});

test('a change of cameras leaves the others watched and ends what stood in a zone that is gone', async () => {
  const opened: string[] = [];
  const ended: string[] = [];
  const aborted: string[] = [];
  await using detection = new Detection({
    cameras: [camera('stays'), camera('goes')],
    detector: { detect },
    frames: async function* (id, { signal }) {
      opened.push(id);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted.push(id);
      yield* [];
    },
    observe: async () => undefined,
    end: async (key) => ended.push(key),
    log: silentLog,
  });
  detection.start();
  await vi.waitFor(() => expect(opened).toEqual(['stays', 'goes']));
  await detection.configure([camera('stays'), camera('comes'), { ...camera('blind'), detect: { zones: [] } }]);
  await vi.waitFor(() => expect(opened).toEqual(['stays', 'goes', 'comes']));
  expect([aborted, ended, detection.size]).toEqual([['goes'], ['person:goes:hard-shoulder'], 2]);
  await detection.configure([{ ...camera('stays'), name: 'renamed' }]);
  expect([opened, aborted]).toEqual([
    ['stays', 'goes', 'comes'],
    ['goes', 'comes'],
  ]);
  expect(ended.at(-1)).toBe('person:comes:hard-shoulder');
  await detection.configure([{ ...camera('stays'), detect: { ...camera('stays').detect, every: 2 } }]);
  await vi.waitFor(() => expect(opened).toEqual(['stays', 'goes', 'comes', 'stays']));
  expect(ended).toHaveLength(2);
});
