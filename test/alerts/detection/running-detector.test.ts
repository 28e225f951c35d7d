import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { DetectorConfig } from '../../../src/alerts/detection/detector-config.ts';
import { ModelUnusable } from '../../../src/alerts/detection/detector-errors.ts';
import { RunningDetector } from '../../../src/alerts/detection/running-detector.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { writeTinyGraph } from '../../helpers/tiny-graph.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const gate = { enabled: true, fullEvery: 30, regions: 2 };
const config: DetectorConfig = { backend: 'wasm', workers: 1, score: 0.4, thresholds: {}, gate };
/** A loaded machine starts a worker in seconds. */
const patience = { timeout: 20_000 };
const script = new URL('./faulty-worker.ts', import.meta.url);

function picture(camera = 'a', value = 0) {
  return { camera, at: new Date(0), ...greyPicture(64, 64, value) };
}

const person = (score: number) => ({
  ...{ input: { shape: [1, 64, 64, 3] }, white: 255 },
  outputs: [{ name: 'detections', shape: [1, 1, 6], values: [16, 16, 32, 48, score, 0] }],
});

test('another model takes over once it is loaded; no picture is left unanswered, the counts go on', async () => {
  await using dir = await tempDir();
  const old = await writeTinyGraph(join(dir.path, 'old'), person(0.5));
  const model = await writeTinyGraph(join(dir.path, 'new'), person(0.75));
  await using detector = new RunningDetector({ config: { ...config, model: old }, dataDir: dir.path, log: silentLog });
  detector.start();
  const look = async () => (await detector.detect(picture('a', 255))).sightings[0]?.score;
  await vi.waitFor(async () => expect(await look()).toBe(0.5), patience);
  await detector.prepare({ ...config, model });
  expect(await look()).toBe(0.5);
  await detector.adopt();
  expect(await look()).toBe(0.75);
  expect(detector.counts).toMatchObject({ failed: 0, restarts: 0 });
  expect(detector.counts.detected).toBeGreaterThanOrEqual(3);
});

test('a model that cannot look is refused, and the one before looks on', async () => {
  await using dir = await tempDir();
  const options = { config: { ...config, model: 'good' }, dataDir: dir.path, log: silentLog, pool: { script } };
  await using detector = new RunningDetector(options);
  detector.start();
  await vi.waitFor(async () => expect((await detector.detect(picture())).sightings).toHaveLength(1), patience);
  await expect(detector.prepare({ ...config, model: 'a/unusable' })).rejects.toThrow(ModelUnusable);
  await detector.adopt();
  expect((await detector.detect(picture())).sightings).toHaveLength(1);
  expect(detector.isBlind).toBe(false);
});

test('what of a picture is looked at is no reason to load the model anew', async () => {
  await using dir = await tempDir();
  await using detector = new RunningDetector({ config, dataDir: dir.path, log: silentLog, trialMs: 0 });
  detector.start();
  await detector.prepare({ ...config, gate: { ...gate, enabled: false } });
});

test('a model that never gets ready is given up in time', async () => {
  await using dir = await tempDir();
  const options = { config: { ...config, model: 'good' }, dataDir: dir.path, log: silentLog, pool: { script } };
  await using detector = new RunningDetector({ ...options, trialMs: 300 });
  detector.start();
  await vi.waitFor(async () => expect((await detector.detect(picture())).sightings).toHaveLength(1), patience);
  await expect(detector.prepare({ ...config, model: 'a/silent' })).rejects.toThrow('not loaded in time');
});

test('without its model it is blind and says why; with it, it sees', async () => {
  await using dir = await tempDir();
  const folder = join(dir.path, 'model');
  const model = await writeTinyGraph(folder, person(0.5));
  await rm(model);
  await using detector = new RunningDetector({ config: { ...config, model }, dataDir: dir.path, log: silentLog });
  detector.start();
  const [cause] = await once(detector, 'blind', { signal: AbortSignal.timeout(15_000) });
  expect(cause.message).toContain('model.json');
  const sight = once(detector, 'sight', { signal: AbortSignal.timeout(20_000) });
  await writeTinyGraph(folder, person(0.5));
  await sight;
  expect(detector.isBlind).toBe(false);
});

test('a listed model that was not fetched blinds it, and the words say how to fetch it', async () => {
  await using dir = await tempDir();
  const options = { config: { ...config, model: 'nanodet' }, dataDir: dir.path, log: silentLog };
  await using detector = new RunningDetector(options);
  const blind = once(detector, 'blind', { signal: AbortSignal.timeout(15_000) });
  detector.start();
  expect((await blind)[0].message).toContain('tianliang model fetch nanodet');
  await expect(detector.detect(picture())).rejects.toThrow('late');
  await detector.prepare({ ...config, model: 'good', workers: 0 });
  await detector.adopt();
});

test('closing ends what was prepared, too', async () => {
  await using dir = await tempDir();
  const options = { config: { ...config, model: 'good' }, dataDir: dir.path, log: silentLog, pool: { script } };
  const detector = new RunningDetector(options);
  detector.start();
  await detector.prepare({ ...config, model: 'other/good' });
  await detector.close();
  await detector.close();
  await expect(detector.detect(picture())).rejects.toThrow('closed');
});
