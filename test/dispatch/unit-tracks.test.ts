import { expect, test } from 'vitest';
import type { SimplifiedTrack } from '../../src/dispatch/track-line.ts';
import { joinTrack, type SeriesQuery, UnitTracks } from '../../src/dispatch/unit-tracks.ts';

const from = new Date('2026-11-21T02:00:00Z');
const later = (minutes: number) => new Date(from.getTime() + minutes * 60_000);

test('latitudes and longitudes of the same time are a point; odd ones are left out', () => {
  const lats = [
    { at: 1_000, value: 27.1 },
    { at: 2_000, value: 27.2 },
    { at: 3_000, last: 27.3 },
  ];
  const lons = [
    { at: 1_000, value: 105.1 },
    { at: 3_000, last: 105.3 },
    { at: 4_000, value: 105.4 },
  ];
  expect(joinTrack(lats, lons)).toEqual([
    { at: new Date(1_000), lat: 27.1, lon: 105.1 },
    { at: new Date(3_000), lat: 27.3, lon: 105.3 },
  ]);
});

test('two positions of one moment are one between them, never the latitude of one with the longitude of the other', () => {
  const lats = [27.1, 27.3].map((value) => ({ at: 1_000, value }));
  const lons = [105.2, 105.6].map((value) => ({ at: 1_000, value }));
  const [only, ...more] = joinTrack(lats, lons);
  expect(more).toEqual([]);
  expect(only?.lat).toBeCloseTo(27.2, 9);
  expect(only?.lon).toBeCloseTo(105.4, 9);
  const sameLat = joinTrack([{ at: 1_000, value: 27.1 }], lons);
  expect(sameLat.map(({ lat }) => lat)).toEqual([27.1]);
});

/** A telemetry in which the device said where it is every so often from the very first. */
function telemetry(everyMs: number) {
  const asked: SeriesQuery[] = [];
  const series = async (query: SeriesQuery) => {
    asked.push(query);
    const step = query.everyMs ?? everyMs;
    const first = Math.ceil(query.from / step) * step;
    const many = Math.min(query.limit, Math.max(0, Math.ceil((query.to - first) / step)));
    return Array.from({ length: many }, (_, index) => {
      const at = first + index * step;
      return { at, value: query.measurement === 'lat' ? 27 + Math.sin(at / 1e5) : 105 + at / 1e12 };
    });
  };
  return { asked, tracks: new UnitTracks(series) };
}

const of = (to: Date) => ({ device: 'xun7', from, to, toleranceMeters: 1 });
const whole = (answer: SimplifiedTrack) => answer.lines.flat();

test('a short time is read whole, page after page, to its end', async () => {
  const { asked, tracks } = telemetry(1_000);
  const points = whole(await tracks.track({ ...of(later(60)), toleranceMeters: 0 }));
  expect(asked).toHaveLength(8);
  expect(
    asked.every(({ limit, everyMs, device }) => limit === 1_000 && everyMs === undefined && device === 'xun7'),
  ).toBe(true);
  expect(points[0]?.at).toEqual(from);
  expect(points.at(-1)?.at).toEqual(new Date(later(60).getTime() - 1_000));
});

test.each([
  ['a day', 24 * 60, 1_000],
  ['a month', 31 * 24 * 60, 1_000],
  ['an hour of a terminal that says it ten times a second', 60, 100],
])('%s is read in steps, at most so many, and never cut off', async (_, minutes, everyMs) => {
  const { asked, tracks } = telemetry(everyMs);
  const answer = await tracks.track(of(later(minutes)));
  const stepMs = asked.at(-1)?.everyMs ?? 0;
  expect(stepMs).toBeGreaterThan(0);
  expect((minutes * 60_000) / stepMs).toBeLessThan(20_000);
  expect(asked.length).toBeLessThan(90);
  const points = whole(answer);
  expect(points.length).toBeLessThanOrEqual(1_000);
  expect(later(minutes).getTime() - (points.at(-1)?.at.getTime() ?? 0)).toBeLessThanOrEqual(stepMs);
});

test.each([
  ['nothing', from],
  ['backwards', later(-10)],
  ['longer than a month', later(31 * 24 * 60 + 1)],
  ['no time at all', new Date(Number.NaN)],
])('a track of %s is refused', async (_, to) => {
  const tracks = new UnitTracks(async () => []);
  await expect(tracks.track(of(to))).rejects.toMatchObject({ code: 'TRACK_TIME_INVALID', statusCode: 400 });
});
