import { expect, test } from 'vitest';
import type { Camera } from '../../web/src/api/shapes.ts';
import { isBlind, reachMeters, sightNotes } from '../../web/src/map/camera-sight.ts';

const camera = (more: Partial<Camera> = {}): Camera => ({
  id: 'a',
  name: 'a',
  state: { phase: 'live', since: '' },
  ...more,
});
const view = { bearing: 0, angle: 60, range: 300 };
const t = (key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join(' ');
const at = '2026-01-01T00:00:00Z';
const now = Date.parse(at) + 720_000;

test('a camera is blind without a picture, with an old one, or with one of something else', () => {
  const blind = (['idle', 'connecting', 'live', 'stale', 'waiting', 'closed'] as const).map((phase) =>
    isBlind(camera({ state: { phase, since: '' } })),
  );
  expect(blind).toEqual([false, false, false, true, true, true]);
  expect(isBlind(camera({ health: { sees: 'nothing', why: 'covered' } }))).toBe(true);
  expect(isBlind(camera({ health: { sees: 'less', why: 'fog' } }))).toBe(false);
});

test('it reaches as far as its range, or as the weather lets it', () => {
  expect([reachMeters(camera()), reachMeters(camera({ view })), reachMeters(camera({ view, seesMeters: 80 }))]).toEqual(
    [undefined, 300, 80],
  );
});

test.each<[Partial<Camera>, string[]]>([
  [{}, []],
  [{ health: { sees: 'well' } }, []],
  [
    { health: { sees: 'nothing', why: 'moved' }, faults: [{ kind: 'moved', since: at, detail: '' }] },
    ['sight.since sight.why.moved 12:00'],
  ],
  [{ health: { sees: 'less', why: 'fog' }, seesMeters: 80 }, ['sight.why.fog', 'sight.meters 80 m']],
  [{ health: { sees: 'well', clockSeconds: -7 } }, ['sight.clockBehind 7.0 s']],
])('of %o is said %o', (more, notes) => {
  expect(sightNotes(camera(more), { t, now })).toEqual(notes);
});
