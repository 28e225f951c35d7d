import { expect, test } from 'vitest';
import type { Candidate } from '../../../src/dispatch/candidates/candidate.ts';
import { choiceOf } from '../../../src/dispatch/incidents/choice.ts';
import { Choices } from '../../../src/dispatch/incidents/choices.ts';
import { boardOf } from '../world.ts';
import { manhole, openLoop, patrol, seat, southSeat } from './incident-fixtures.ts';

const ranked: readonly Candidate[] = [
  { unit: 'lu6', etaSeconds: 120, distanceMeters: 2_000, by: 'road', reasons: [{ text: '空闲' }] },
  { unit: 'xun7', etaSeconds: 300, distanceMeters: 900, by: 'road', reasons: [{ text: '在对向' }] },
  { unit: 'zheng1', reasons: [{ text: '终端从未上线' }], rejected: 'never-heard' },
];
const way = {
  type: 'LineString' as const,
  coordinates: [[105, 27] as [number, number], [105.1, 27] as [number, number]],
};
const candidates = { rank: () => ranked.map((one) => ({ ...one, route: way })) };

test('each dispatch keeps whom it was chosen from, all with their reasons, who chose, and whether it was the first', async () => {
  await using loop = await openLoop({ candidates });
  const { id } = await loop.desk.open(manhole({ area: 'west' }), { actor: seat });
  const first = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat, key: 'k' });
  await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat, key: 'k' });
  const second = await loop.dispatcher.dispatch(id, { unit: 'lu6' }, { actor: seat });
  const choices = await loop.choices.of(id, seat);
  expect(choices).toMatchObject([
    { assignment: first.assignments[0]?.id, unit: 'xun7', by: '席1', place: 2, first: false, candidates: ranked },
    { assignment: second.assignments[1]?.id, unit: 'lu6', place: 1, first: true },
  ]);
  expect(choices[0]?.candidates[0]).not.toHaveProperty('route');
});

test('what is not sent keeps nothing, and units of other areas are not shown', async () => {
  await using loop = await openLoop({ candidates });
  const { id } = await loop.desk.open(manhole({ area: 'west' }), { actor: seat });
  await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await expect(loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat })).rejects.toMatchObject({
    code: 'UNIT_BUSY',
  });
  await expect(loop.dispatcher.dispatch(id, { unit: 'lu6' }, { actor: seat, version: 1 })).rejects.toMatchObject({
    code: 'INCIDENT_STALE',
  });
  expect(await loop.choices.of(id, seat)).toHaveLength(1);
  const west = { ...southSeat, areas: ['west'] };
  const [own] = await new Choices({ ...loop, board: boardOf() }).of(id, west);
  expect(own?.candidates.map(({ unit }) => unit)).toEqual(['xun7', 'zheng1']);
  await expect(loop.choices.of(id, southSeat)).rejects.toMatchObject({ code: 'INCIDENT_NOT_FOUND' });
  expect(await loop.choices.of(id, patrol)).toHaveLength(1);
});

test('one that nobody would have proposed is sent all the same, and has no place', () => {
  const times = { dispatched: '2026-11-26T07:19:00.000Z' };
  const sent = {
    id: 'a1',
    state: 'dispatched',
    by: '席1',
    at: times.dispatched,
    acceptBy: times.dispatched,
    times,
  } as const;
  expect(choiceOf({ ...sent, unit: 'zheng1' }, ranked)).not.toHaveProperty('place');
  expect(choiceOf({ ...sent, unit: 'zheng1' }, ranked)).toMatchObject({ unit: 'zheng1', first: false });
});
