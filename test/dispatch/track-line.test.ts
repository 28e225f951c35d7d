import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SimplifiedTrack, simplifyTrack, type TrackPoint } from '../../src/dispatch/track-line.ts';
import { destination, distanceMeters } from '../../src/gis/distance.ts';

const start = Date.parse('2026-11-21T02:47:00Z');
const home = { lat: 27.3, lon: 105.29 };
/** So many metres east and north of home, so many seconds after the start. */
const point = (seconds: number, east: number, north = 0): TrackPoint => ({
  at: new Date(start + seconds * 1_000),
  ...destination(destination(home, 90, east), 0, north),
});
const whole = ({ lines }: SimplifiedTrack) => lines.flat();

/** Metres from the point to the nearest stretch of the line, walked in small steps. */
function distanceToLine(from: TrackPoint, line: readonly TrackPoint[]): number {
  const stretches = line.slice(1).map((to, index) => [line[index] ?? to, to] as const);
  const walked = stretches.flatMap(([a, b]) =>
    Array.from({ length: 51 }, (_, step) => ({
      lat: a.lat + ((b.lat - a.lat) * step) / 50,
      lon: a.lon + ((b.lon - a.lon) * step) / 50,
    })),
  );
  return Math.min(...[...walked, ...line].map((place) => distanceMeters(from, place)));
}

test('what lies on the way is left out, what leaves it by more than the tolerance stays', () => {
  const drive = [point(0, 0), point(10, 100, 3), point(20, 200), point(30, 300, 12), point(40, 400)];
  const kept = whole(simplifyTrack(drive, 5, 1_000));
  expect(kept).toEqual([drive[0], drive[2], drive[3], drive[4]]);
  expect(whole(simplifyTrack(drive, 50, 1_000))).toEqual([drive[0], drive[4]]);
  expect(whole(simplifyTrack(drive, 0, 1_000))).toEqual(drive);
});

test('a silence of more than five minutes begins a new line', () => {
  const drive = [point(0, 0), point(300, 100), point(601, 200), point(602, 210), point(2_000, 900)];
  const { lines, gapMs } = simplifyTrack(drive, 5, 1_000);
  expect(lines).toEqual([drive.slice(0, 2), drive.slice(2, 4), drive.slice(4)]);
  expect(gapMs).toBe(300_000);
  expect(simplifyTrack([], 5, 1_000)).toEqual({ lines: [], toleranceMeters: 5, gapMs: 300_000 });
});

test('a track that tells too much is told more coarsely, and says how much', () => {
  const zigzag = Array.from({ length: 5_000 }, (_, index) =>
    point(index, index * 10, (index % 2) * (20 + index / 100)),
  );
  const answer = simplifyTrack(zigzag, 5, 1_000);
  expect(whole(answer).length).toBeLessThanOrEqual(1_000);
  expect(whole(answer).length).toBeGreaterThan(900);
  expect(answer.toleranceMeters).toBeGreaterThan(20);
  expect(whole(answer).at(0)).toEqual(zigzag.at(0));
  expect(whole(answer).at(-1)).toEqual(zigzag.at(-1));
});

test('a terminal that speaks every ten minutes for a month still fits: longer silences count', () => {
  const sparse = Array.from({ length: 4_464 }, (_, index) => point(index * 600, index * 50, (index % 3) * 80));
  const answer = simplifyTrack(sparse, 5, 1_000);
  expect(answer.gapMs).toBe(600_000);
  expect(whole(answer).length).toBeLessThanOrEqual(1_000);
});

test('lone points count twice, for they are drawn as lines', () => {
  const alone = Array.from({ length: 400 }, (_, index) => point(index * 400, index * 50));
  const dense = Array.from({ length: 600 }, (_, index) => point(400 * 400 + index, index * 10, (index % 2) * 90));
  const { lines, gapMs } = simplifyTrack([...alone, ...dense], 5, 1_000);
  const lone = lines.filter(({ length }) => length === 1).length;
  expect(gapMs).toBe(300_000);
  expect(lone).toBeGreaterThan(300);
  expect(lines.flat().length + lone).toBeLessThanOrEqual(1_000);
});

test('a drive in circles of twenty thousand points is bounded work', () => {
  const circles = Array.from({ length: 20_000 }, (_, index) =>
    point(index, Math.cos(index / 50) * index, Math.sin(index / 50) * index),
  );
  expect(whole(simplifyTrack(circles, 1, 1_000)).length).toBeLessThanOrEqual(1_000);
});

test('no point of the track lies further from its line than the tolerance that was used', () => {
  const offset = fc.integer({ min: -300, max: 300 });
  const walk = fc.array(fc.tuple(offset, offset), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(
      walk,
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 2, max: 40 }),
      (steps, ...[tolerance, most]) => {
        const track = steps.map(([east, north], index) => point(index, east, north));
        const answer = simplifyTrack(track, tolerance, most);
        const kept = whole(answer);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(answer.toleranceMeters).toBeGreaterThanOrEqual(tolerance);
        // The walk along the line goes in steps of up to 17 m.
        for (const each of track) expect(distanceToLine(each, kept)).toBeLessThanOrEqual(answer.toleranceMeters + 9);
      },
    ),
  );
});
