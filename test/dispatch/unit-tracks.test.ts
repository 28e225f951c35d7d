import { expect, test } from 'vitest';
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

test.each([
  [10, undefined],
  [60, 4_000],
  [24 * 60, 87_000],
])('a track of %d minutes is asked in steps of %s ms, so that its end is never cut off', async (minutes, everyMs) => {
  const asked: SeriesQuery[] = [];
  const tracks = new UnitTracks(async (query) => {
    asked.push(query);
    return [];
  });
  await tracks.track('xun7', from, later(minutes));
  expect(asked.map(({ measurement }) => measurement)).toEqual(['lat', 'lon']);
  expect(asked[0]).toMatchObject({ device: 'xun7', from: from.getTime(), limit: 1_000 });
  expect(asked[0]?.everyMs).toBe(everyMs);
  if (everyMs) expect((minutes * 60_000) / everyMs).toBeLessThan(1_000);
});

test.each([
  ['nothing', from],
  ['backwards', later(-10)],
  ['longer than a day', later(24 * 60 + 1)],
  ['no time at all', new Date(Number.NaN)],
])('a track of %s is refused', async (_, to) => {
  const tracks = new UnitTracks(async () => []);
  await expect(tracks.track('xun7', from, to)).rejects.toMatchObject({ code: 'TRACK_TIME_INVALID', statusCode: 400 });
});
