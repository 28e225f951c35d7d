import { expect, test } from 'vitest';
import type { Plan, PlanMatch } from '../../../src/dispatch/plans/config.ts';
import { matchPlan, type PlanFacts } from '../../../src/dispatch/plans/match-plan.ts';

const plan = (id: string, match: PlanMatch): Plan => ({
  id,
  name: id,
  match,
  deadlines: {},
  steps: [{ id: 'look', do: 'manual', text: '看' }],
});
const bijie = { lat: 27.3, lon: 105.29 };
const facts: PlanFacts = {
  kind: 'person-on-road',
  severity: 'major',
  area: 'west',
  position: bijie,
  visibility: 150,
  // 22:00 there.
  at: new Date('2026-11-26T14:00:00Z'),
};
const found = (plans: readonly Plan[], changes: Partial<PlanFacts> = {}) => matchPlan(plans, { ...facts, ...changes });

test.each<[PlanMatch, Partial<PlanFacts>, boolean]>([
  [{}, {}, true],
  [{ kinds: ['person-on-road', 'animal'] }, {}, true],
  [{ kinds: ['ice'] }, {}, false],
  [{ areas: ['west'] }, {}, true],
  [{ areas: ['east'] }, {}, false],
  [{ areas: ['west'] }, { area: undefined }, false],
  [{ severity: 'major' }, {}, true],
  [{ severity: 'critical' }, {}, false],
  [{ severity: 'minor' }, {}, true],
  [{ visibility: 150 }, {}, true],
  [{ visibility: 100 }, {}, false],
  [{ visibility: 200 }, { visibility: undefined }, false],
  [{ night: true }, {}, true],
  [{ night: false }, {}, false],
  [{ night: false }, { at: new Date('2026-11-26T04:00:00Z') }, true],
  [{ night: true }, { position: undefined }, false],
])('a plan for %o fits an incident with %o: %s', (match, changes, fits) => {
  expect(found([plan('p', match)], changes)?.plan.id).toBe(fits ? 'p' : undefined);
});

test.each<[string, PlanMatch, PlanMatch]>([
  [
    'a kind says more than everything else together',
    { kinds: ['person-on-road'] },
    { areas: ['west'], night: true, severity: 'major' },
  ],
  ['an area says more than the sight', { areas: ['west'] }, { visibility: 200 }],
  ['the sight says more than the hour', { visibility: 200 }, { night: true, severity: 'major' }],
  ['more conditions say more', { kinds: ['person-on-road'], visibility: 200 }, { kinds: ['person-on-road'] }],
  ['a narrower tier comes first', { visibility: 200 }, { visibility: 500 }],
  ['a higher least severity comes first', { severity: 'major' }, { severity: 'minor' }],
])('%s', (_, first, second) => {
  expect(found([plan('b', second), plan('a', first)])?.plan.id).toBe('a');
  expect(found([plan('a', second), plan('b', first)])?.plan.id).toBe('b');
});

test('a plan says why it is the one', () => {
  const match = {
    kinds: ['person-on-road'],
    areas: ['west'],
    visibility: 200,
    night: true,
    severity: 'major',
  } as const;
  const because = found([plan('fog', { ...match, kinds: [...match.kinds], areas: [...match.areas] })])?.because;
  expect(because).toEqual({
    text: '预案 fog：类型相符、辖区 west、能见度 150 m（不超过 200 m）、夜间、严重（至少严重）',
    source: 'plans/fog',
  });
});
