import { expect, test } from 'vitest';
import { Timeline } from '../../../src/streams/flv/timeline.ts';

const frame = 3_600;

test('32-bit wraps, jumps of a day and restarts leave one rising timeline without a gap', () => {
  const timeline = new Timeline();
  const day = 86_400 * 90_000;
  const runs = [2 ** 32 - 3 * frame, 1_000 + day, 1_000, 5_000_000];
  let arrived = 0;
  const times = runs.flatMap((start) =>
    Array.from({ length: 6 }, (_, index) => {
      arrived += 40;
      return timeline.next((start + index * frame) >>> 0, arrived).decodeMs;
    }),
  );
  timeline.restart();
  times.push(timeline.next(77, arrived + 30_000).decodeMs);
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(times[0]).toBe(0);
  expect(new Set(steps)).toEqual(new Set([40]));
});

test('B pictures get decoding times that rise and never follow the showing time', () => {
  const timeline = new Timeline();
  timeline.restart(2);
  const shownOrder = [0, 4, 2, 1, 3, 8, 6, 5, 7].map((position) => position * frame);
  const times = shownOrder.map((ticks, index) => timeline.next(ticks, index * 40));
  expect(times.every(({ offsetMs }) => offsetMs >= 0)).toBe(true);
  const rises = times.slice(1).every(({ decodeMs }, index) => decodeMs > (times[index]?.decodeMs ?? 0));
  expect(rises).toBe(true);
  expect(times.map(({ decodeMs, offsetMs }) => decodeMs + offsetMs)).toEqual(
    [0, 160, 80, 40, 120, 320, 240, 200, 280].map((ms) => ms + (times[0]?.decodeMs ?? 0) + (times[0]?.offsetMs ?? 0)),
  );
});

test('a camera that stamps every picture alike still has a rising timeline', () => {
  const timeline = new Timeline();
  const times = [1, 2, 3].map((index) => timeline.next(9, index * 40).decodeMs);
  expect(times).toEqual([0, 1, 2]);
});

test('a pause is closed up, so that a player does not stand still', () => {
  const timeline = new Timeline();
  timeline.next(0, 0);
  timeline.next(frame, 40);
  expect(timeline.next(frame + 90_000 * 60, 60_040).decodeMs).toBe(80);
});
