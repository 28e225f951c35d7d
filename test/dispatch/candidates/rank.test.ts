import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, Candidate as CandidateSchema } from '../../../src/dispatch/candidates/candidate.ts';
import { rankCandidates } from '../../../src/dispatch/candidates/rank.ts';
import type { Sendable } from '../../../src/dispatch/candidates/sendable.ts';
import type { Sight } from '../../../src/gis/travel/road-spot.ts';
import { checkValue } from '../../../src/shared/check-value.ts';
import { WeekClocks } from '../../../src/shared/weekly-hours.ts';
import { at, graphOf, line } from '../../gis/travel/town.ts';

const clocks = new WeekClocks();
const now = new Date('2026-11-26T06:00:00Z');
/** Two carriageways, of which one can be changed for the other at 3 km and at 500 m. */
const graph = graphOf(
  line({ id: 'G1', carriageway: 'down', emergencyOpenings: [[3_000, '东口'], [500]] }, [0, 0], [9_000, 0]),
  line({ id: 'G1', carriageway: 'up' }, [0, 25], [9_000, 25]),
  line({ id: 'Y3' }, [0, 2_000], [2_000, 2_000]),
);
const place = { position: at(1_000, 25), road: 'G1', carriageway: 'up' as const };
const unit = (id: string, sight: Sight, more: Partial<Sendable> = {}): Sendable => ({
  id,
  kind: 'patrol',
  status: 'free',
  online: true,
  skills: [],
  seen: { at: now, sight },
  ...more,
});
const east = { heading: 90 };
const west = { heading: 270 };

const areaName = (id: string) => id;
const rank = (...units: Sendable[]) => rankCandidates({ graph, place, wanted: {}, units, at: now, clocks, areaName });
const texts = (candidate: Candidate | undefined) => candidate?.reasons.map(({ text }) => text);

test('the unit on the opposite carriageway is not the nearest, and its reasons say why', () => {
  const across = unit('across', { point: at(1_100, 0), ...east });
  const [first, second] = rank(across, unit('behind', { point: at(3_500, 25), ...west }));
  expect(first).toMatchObject({ unit: 'behind', etaSeconds: 250, distanceMeters: 2_500, by: 'road' });
  expect(texts(first)).toEqual(['沿路 2.5 km，约 4分10秒', '经 G1 上行', '空闲']);
  expect(second).toMatchObject({ unit: 'across', etaSeconds: 190 + 60 + 200, distanceMeters: 3_925 });
  expect(texts(second)).toEqual([
    '沿路 3.9 km，约 7分30秒',
    '经 G1 下行、K3+000 中央分隔带开口（东口）、G1 上行',
    '在对向 G1 下行，直线只有 103 m，须绕行',
    '空闲',
  ]);
});

test('the way of the best few is drawn, from the unit to the place', () => {
  const behind = [2_000, 2_500, 3_000, 3_500].map((east) => unit(`u${east}`, { point: at(east, 25), ...west }));
  const ranked = rank(...behind);
  expect(ranked.map(({ route }) => route?.coordinates.length)).toEqual([2, 2, 2, undefined]);
  const [lon = 0, lat = 0] = ranked[0]?.route?.coordinates.at(-1) ?? [];
  expect({ lon, lat }).toEqual({
    lon: expect.closeTo(place.position.lon, 7),
    lat: expect.closeTo(place.position.lat, 7),
  });
});

test('who is there already has no way to go', () => {
  const [there] = rank(unit('there', { point: place.position, ...west }));
  expect(there).toMatchObject({ etaSeconds: 0, distanceMeters: 0 });
  expect(checkValue(CandidateSchema, there).ok).toBe(true);
});

test.each<{ name: string; sight: Sight; text: string }>([
  { name: 'the heading', sight: { point: at(2_000, 12), ...west }, text: '按航向在 G1 上行' },
  {
    name: 'where it last drove',
    sight: { point: at(2_000, 12), told: { road: 'G1', carriageway: 'up' } },
    text: '按此前行驶在 G1 上行',
  },
  {
    name: 'nothing',
    sight: { point: at(2_000, 12) },
    text: '单元在哪条路、哪一幅不明，按较远的算；近则 1分40秒',
  },
  {
    name: 'no road',
    sight: { point: at(1_000, 1_025) },
    text: '单元附近没有路，按直线 1.0 km、30 km/h 估 2分0秒',
  },
])('the carriageway decided by $name is said so', ({ sight, text }) => {
  expect(texts(rank(unit('u', sight))[0])).toContain(text);
});

test('where no road is near the place, all are as far as the crow flies', () => {
  const field = { position: at(1_000, 1_000) };
  const units = [unit('u', { point: at(1_000, 25), ...west })];
  const [only] = rankCandidates({ graph, place: field, wanted: {}, units, at: now, clocks, areaName });
  expect(only).toMatchObject({ by: 'straight', etaSeconds: 117, distanceMeters: 975 });
  expect(texts(only)?.[0]).toBe('现场附近没有路，按直线 975 m、30 km/h 估 1分57秒');
});

test('who cannot be sent comes last, what speaks against it first, its way nevertheless told', () => {
  const near = unit('near', { point: at(1_200, 25), ...west }, { online: false });
  const lost = unit('lost', { point: at(1_000, 2_000) });
  const { seen: _seen, ...nowhere } = unit('nowhere', { point: at(0, 0) });
  const ranked = rank(nowhere, lost, near, unit('far', { point: at(8_000, 25), ...west }));
  expect(ranked.map(({ unit: id, rejected }) => [id, rejected])).toEqual([
    ['far', undefined],
    ['near', 'offline'],
    ['lost', 'unreachable'],
    ['nowhere', 'no-position'],
  ]);
  expect(ranked[1]).toMatchObject({ etaSeconds: 20, distanceMeters: 200 });
  expect(texts(ranked[1])?.slice(0, 2)).toEqual(['终端离线', '沿路 200 m，约 20秒']);
  expect(texts(ranked[2])).toContain('路网上没有路到现场');
  expect(ranked[3]).not.toHaveProperty('etaSeconds');
});

test('the order is the same however the units come, and ties are by id', () => {
  const spots = fc.constantFrom(at(2_000, 25), at(2_500, 25), at(1_000, 0), at(1_000, 1_025), at(1_000, 2_000));
  const one = fc.record({ id: fc.stringMatching(/^[a-z]{1,3}$/), point: spots, online: fc.boolean() });
  const many = fc.uniqueArray(one, { selector: ({ id }) => id, maxLength: 12 });
  fc.assert(
    fc.property(
      many.chain((units) => fc.tuple(fc.constant(units), fc.shuffledSubarray(units, { minLength: units.length }))),
      ([units, shuffled]) => {
        const ranked = (some: typeof units) =>
          rank(...some.map(({ id, point, online }) => unit(id, { point }, { online })));
        const result = ranked(units);
        expect(ranked(shuffled)).toEqual(result);
        for (const [index, candidate] of result.entries()) {
          const before = result[index - 1] ?? candidate;
          expect(Number(before.rejected !== undefined)).toBeLessThanOrEqual(Number(candidate.rejected !== undefined));
          expect(checkValue(CandidateSchema, candidate).ok).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});
