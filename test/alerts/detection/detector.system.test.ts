import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { defaultModelPath } from '../../../src/alerts/detection/default-model.ts';
import { Detection } from '../../../src/alerts/detection/detection.ts';
import { DetectorPool } from '../../../src/alerts/detection/detector-pool.ts';
import { openGraphModel } from '../../../src/alerts/detection/graph-model.ts';
import { cocoLabels } from '../../../src/alerts/detection/labels.ts';
import type { Sighting } from '../../../src/alerts/detection/model.ts';
import type { Observation } from '../../../src/alerts/observation.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { type ClipFrame, clipFrames, demoClip } from './clip-frames.ts';

/** The default threshold of `detector.score`. */
const minScore = 0.35;

vi.setConfig({ testTimeout: 180_000 });

let pool: DetectorPool;

beforeAll(() => {
  pool = new DetectorPool({
    model: defaultModelPath(),
    workers: 1,
    minScore: 0.2,
    frameMs: 30_000,
    waitMs: 60_000,
    log: silentLog,
  });
  pool.start();
});

afterAll(() => pool.close());

/** The best score of each label in each picture. */
async function look(frames: AsyncIterable<ClipFrame>): Promise<{ second: number; best: (label: string) => number }[]> {
  const looks = [];
  for await (const frame of frames) {
    const { second } = frame;
    const { sightings } = await pool.detect(frame);
    const best = (label: string) =>
      Math.max(0, ...sightings.filter((sighting) => sighting.label === label).map(({ score }) => score));
    looks.push({ second, best });
  }
  return looks;
}

test.each(['traffic', 'tunnel', 'curve', 'fog', 'bridge-h265'])('nobody is found in the %s clip', async (name) => {
  const looks = await look(clipFrames(demoClip(name), { fps: 0.25 }));
  expect(looks.length).toBeGreaterThan(3);
  expect(Math.max(...looks.map(({ best }) => best('person')))).toBeLessThan(minScore);
});

test('what has no label is not computed, and what has one is seen as if everything were', async () => {
  const everything = new Map(
    Array.from({ length: 80 }, (_, index) => [index, cocoLabels.get(index) ?? `other ${index}`]),
  );
  const model = { path: defaultModelPath(), minScore: 0.2 };
  const detectors = [await openGraphModel(model), await openGraphModel({ ...model, labels: everything })] as const;
  let known = 0;
  for await (const frame of clipFrames(demoClip('pedestrian'), { fps: 0.5, fromSeconds: 4 })) {
    const [ours, all] = await Promise.all(
      detectors.map(async (detector) => (await detector.detect(frame)).toSorted(byPlace)),
    );
    const labelled = all?.filter(({ label }) => !label.startsWith('other')) ?? [];
    known += labelled.length;
    expect(ours?.map(({ label }) => label)).toEqual(labelled.map(({ label }) => label));
    for (const [index, { score }] of ours?.entries() ?? []) expect(score).toBeCloseTo(labelled[index]?.score ?? 0, 4);
  }
  expect(known).toBeGreaterThan(5);
});

const byPlace = ({ box: one }: Sighting, { box: other }: Sighting) => one.x - other.x || one.y - other.y;

test('the pedestrian clip, watched at two pictures a second, becomes one critical observation with its reasons', async () => {
  const observed = Promise.withResolvers<Observation>();
  const zone = {
    id: 'hard-shoulder',
    dwell: 3,
    polygon: [
      [0.6, 0.4],
      [1, 0.4],
      [1, 1],
      [0.6, 1],
    ] as const,
  };
  await using detection = new Detection({
    cameras: [{ id: 'k1432-120', position: { lat: 27.3, lon: 105.29 }, detect: { zones: [zone] } }],
    detector: pool,
    frames: (camera) => paced(camera),
    observe: async (observation) => observed.resolve(observation),
    end: async () => undefined,
    log: silentLog,
  });
  detection.start();
  const { at, kind, title, reasons, snapshot, box } = await observed.promise;
  expect({ kind, title }).toEqual({ kind: 'person-on-road', title: '行人进入硬路肩' });
  expect(at.getTime()).toBeGreaterThan(9_000);
  expect(at.getTime()).toBeLessThan(14_500);
  expect(reasons[0]?.value).toBeGreaterThanOrEqual(3);
  expect(box?.score).toBeGreaterThanOrEqual(0.2);
  expect(snapshot?.subarray(0, 3)).toEqual(new Uint8Array([0xff, 0xd8, 0xff]));
  expect(snapshot?.length).toBeLessThanOrEqual(200 * 1024);
});

/** The next picture when the last one was looked at, so that a slow machine drops none. */
async function* paced(camera: string): AsyncGenerator<ClipFrame> {
  for await (const frame of clipFrames(demoClip('pedestrian'), { fps: 2, fromSeconds: 5 })) {
    const { detected } = pool.counts;
    yield { ...frame, camera };
    while (pool.counts.detected === detected) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
