import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Detection } from '../../../src/alerts/detection/detection.ts';
import type { CameraFrame, Detected, Sighting } from '../../../src/alerts/detection/model.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import type { Corner, Line, Zone } from '../../../src/alerts/detection/zone.ts';
import type { Observation } from '../../../src/alerts/observation.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const start = Date.parse('2026-11-23T02:47:00Z');
const size = { width: 32, height: 18 };

const square = (from: number, to: number): Corner[] => [
  [from, 0],
  [to, 0],
  [to, 1],
  [from, 1],
];
const left: Zone = { id: 'left', polygon: square(0, 0.5), dwell: 3 };
const right: Zone = { id: 'right', polygon: square(0.5, 1), dwell: 3 };
const middle: Line = {
  id: 'middle',
  points: [
    [0.5, 0],
    [0.5, 1],
  ],
};

function camera(id: string, detect: WatchedCamera['detect']): WatchedCamera {
  return { id, position: { lat: 27.3, lon: 105.29 }, detect };
}

/** Cameras that take a picture when told to, of one person whose feet are where they are told to be. */
class Stage {
  readonly observed: Observation[] = [];
  readonly ended: string[] = [];
  readonly detection: Detection;
  /** What the desk fails with, while it does. */
  refusal: Error | undefined;
  readonly #cameras = new Map<string, (frame: CameraFrame) => void>();
  readonly #feet = new Map<CameraFrame, Corner>();
  #detected = 0;

  constructor(cameras: WatchedCamera[]) {
    this.detection = new Detection({
      cameras,
      clearMs: 4_000,
      detector: { detect: (frame) => this.#detect(frame) },
      frames: (id, { signal }) => this.#frames(id, signal),
      observe: async (observation) => {
        if (this.refusal) throw this.refusal;
        this.observed.push(observation);
      },
      end: async (key) => this.ended.push(key),
      log: silentLog,
    });
    this.detection.start();
  }

  /** Keys told so far, each once. */
  get keys(): string[] {
    return [...new Set(this.observed.map(({ key }) => key))];
  }

  async picture(id: string, second: number, foot: Corner): Promise<void> {
    await vi.waitFor(() => expect(this.#cameras.has(id)).toBe(true));
    const frame = { camera: id, at: new Date(start + second * 1_000), ...greyPicture(size.width, size.height, 0) };
    const before = this.#detected;
    this.#feet.set(frame, foot);
    this.#cameras.get(id)?.(frame);
    await vi.waitFor(() => expect(this.#detected).toBe(before + 1));
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.detection.close();
  }

  async *#frames(id: string, signal: AbortSignal): AsyncGenerator<CameraFrame> {
    const over = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    while (!signal.aborted) {
      const frame = await Promise.race([over, new Promise<CameraFrame>((take) => this.#cameras.set(id, take))]);
      if (frame) yield frame;
    }
    this.#cameras.delete(id);
  }

  async #detect(frame: CameraFrame): Promise<Detected> {
    this.#detected += 1;
    const [x, y] = this.#feet.get(frame) ?? [0, 0];
    const sightings: Sighting[] = [
      { label: 'person', score: 0.6, box: { x: x - 0.02, y: y - 0.2, width: 0.04, height: 0.2 } },
    ];
    return { frame, sightings };
  }
}

test('an edit of one camera leaves the dwell of the others, and of its own other zones, as it is', async () => {
  await using stage = new Stage([camera('a', { zones: [left] }), camera('b', { zones: [left] })]);
  for (const second of [0, 1, 2]) {
    await stage.picture('a', second, [0.3, 0.8]);
    await stage.picture('b', second, [0.3, 0.8]);
  }
  await stage.detection.configure([
    camera('a', { zones: [left, right], lines: [middle] }),
    camera('b', { zones: [left] }),
  ]);
  await stage.picture('a', 3, [0.3, 0.8]);
  await stage.picture('b', 3, [0.3, 0.8]);
  await vi.waitFor(() => expect(stage.keys).toEqual(['person:a:left', 'person:b:left']));
  expect(stage.observed.map(({ at }) => at.getTime() - start)).toEqual([3_000, 3_000]);
});

test('a new line holds from the next picture on, for who is already followed', async () => {
  await using stage = new Stage([camera('a', { zones: [left] })]);
  await stage.picture('a', 0, [0.45, 0.8]);
  await stage.detection.configure([camera('a', { zones: [left], lines: [middle] })]);
  await stage.picture('a', 1, [0.46, 0.8]);
  await stage.picture('a', 2, [0.54, 0.8]);
  await vi.waitFor(() => expect(stage.keys).toEqual(['crossing:a:middle']));
  expect(stage.observed[0]).toMatchObject({
    kind: 'line-crossed',
    severity: 'critical',
    title: '行人越过界线 middle',
    why: { rule: 'crossing', place: { type: 'line', id: 'middle' }, limits: { direction: 'both' } },
  });
});

test('what goes on in a zone that is moved away from it ends by itself, in one that is gone at once', async () => {
  await using stage = new Stage([camera('a', { zones: [{ ...left, dwell: 0 }] })]);
  await stage.picture('a', 0, [0.3, 0.8]);
  await vi.waitFor(() => expect(stage.observed).toHaveLength(1));
  await stage.detection.configure([camera('a', { zones: [{ ...left, dwell: 0, polygon: square(0.6, 1) }] })]);
  await stage.picture('a', 1, [0.3, 0.8]);
  expect(stage.ended).toEqual([]);
  await stage.picture('a', 4, [0.3, 0.8]);
  await vi.waitFor(() => expect(stage.ended).toEqual(['person:a:left']));
  await stage.detection.configure([camera('a', { zones: [right] })]);
  expect(stage.ended).toEqual(['person:a:left', 'person:a:left']);
});

test('a crossing that the desk refused is told again, though nobody crosses any more', async () => {
  await using stage = new Stage([camera('a', { lines: [middle] })]);
  await stage.picture('a', 0, [0.45, 0.8]);
  stage.refusal = new Error('disk full');
  await stage.picture('a', 1, [0.55, 0.8]);
  await stage.picture('a', 2, [0.55, 0.8]);
  stage.refusal = undefined;
  await stage.picture('a', 3, [0.55, 0.8]);
  await vi.waitFor(() => expect(stage.observed).toHaveLength(1));
  expect(stage.observed[0]?.at).toEqual(new Date(start + 1_000));
});
