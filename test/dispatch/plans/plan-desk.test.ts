import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { eventsSince } from '../../../src/store/events-repository.ts';
import { deedsOn, manhole, patrol, seat, southSeat } from '../incidents/incident-fixtures.ts';
import { openPlanned } from './plan-fixtures.ts';

const fog = {
  id: 'fog',
  name: '大雾行人',
  match: { kinds: ['person-on-road'], visibility: 200 },
  deadlines: { acknowledge: 2, handle: 3, report: 10, supervise: 5 },
  steps: [
    { id: 'look', do: 'cameras', nearest: 2 },
    { id: 'tell', do: 'notify', departments: ['交警大队'], channels: ['ops'], text: '请协助' },
    { id: 'sign', do: 'sign', text: '限速40', after: 1 },
    { id: 'patrol', do: 'units', skills: ['warning-cones'] },
    { id: 'tow', do: 'units', skills: ['tow'] },
  ],
};
const usual = { ...fog, id: 'usual', name: '行人上路', match: { kinds: ['person-on-road'] }, deadlines: {} };
const turning = {
  id: 'turn',
  name: '转向',
  match: { kinds: ['person-on-road'] },
  steps: [{ id: 'turn', do: 'ptz', camera: 'k1', preset: '2' }],
};
const walker = manhole({ kind: 'person-on-road', title: '行人上路', severity: 'major' });
const now = () => new Date('2026-11-26T08:00:00Z');

test('an incident has the plan that fits it best from its first moment, with the reason why', async () => {
  await using world = await openPlanned([usual, fog], { visibility: () => 150, now });
  const incident = await world.desk.open(walker, { actor: seat });
  expect(incident).toMatchObject({
    plan: { id: 'fog', name: '大雾行人' },
    joint: ['交警大队'],
    reasons: [{ source: 'plans/fog', text: expect.stringContaining('能见度 150 m') }],
    dueAt: '2026-11-26T08:10:00.000Z',
  });
  expect(await world.planDesk.view(incident.id, seat)).toMatchObject({
    id: 'fog',
    version: 1,
    steps: [
      { id: 'look', state: 'done', automatic: true, cameras: ['k1', 'k2'], by: 'system' },
      { id: 'tell', state: 'done' },
      { id: 'sign', state: 'open', automatic: false, dueAt: '2026-11-26T08:01:00.000Z' },
      { id: 'patrol', state: 'open', skills: ['warning-cones'], dueAt: '2026-11-26T08:03:00.000Z' },
      { id: 'tow' },
    ],
  });
  expect(await deedsOn(world.store, incident.id)).toEqual(['incident.open', 'incident.plan', 'incident.joint']);
});

test('a channel that the plan names is told beside all that it is told anyway', async () => {
  await using world = await openPlanned([fog], { visibility: () => 150 });
  const { id } = await world.desk.open(walker, { actor: seat });
  const told = await eventsSince(world.store.db, { seq: 0, topics: ['channel:ops'], limit: 10 });
  expect(told).toMatchObject([{ data: { incident: id, plan: 'fog', step: 'tell', text: '请协助' } }]);
});

test('an incident that no plan is meant for has none', async () => {
  await using world = await openPlanned([fog], { visibility: () => 150 });
  const { id, plan } = await world.desk.open(manhole(), { actor: seat });
  expect(plan).toBeUndefined();
  await expect(world.planDesk.view(id, seat)).rejects.toMatchObject({ code: 'PLAN_NOT_FOUND' });
});

test('the deadlines of a dispatch and of 督办 are those of the plan', async () => {
  await using world = await openPlanned([fog], { visibility: () => 150, now });
  const { id } = await world.desk.open(walker, { actor: seat });
  const { assignments } = await world.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  expect(assignments).toMatchObject([{ acceptBy: '2026-11-26T08:02:00.000Z' }]);
  await world.clock.tick(new Date('2026-11-26T08:10:00Z'));
  expect(await world.book.get(id)).toMatchObject({ pressed: 'escalate' });
  await world.clock.tick(new Date('2026-11-26T08:15:00Z'));
  expect(await world.book.get(id)).toMatchObject({ pressed: 'demand' });
});

test('who could go is asked for with the skills that the plan wants next', async () => {
  const asked: unknown[] = [];
  const candidates = {
    rank: ({ wanted }: { wanted?: unknown }) => {
      // Asked by who looks, and by the dispatch that keeps whom it was chosen from.
      if (asked.length === 0 || !isDeepStrictEqual(asked.at(-1), wanted)) asked.push(wanted);
      return [];
    },
  };
  await using world = await openPlanned([fog], { visibility: () => 150, candidates });
  const { id } = await world.desk.open(walker, { actor: seat });
  await world.proposals.of(id, seat);
  await world.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await world.proposals.of(id, seat);
  await world.dispatcher.dispatch(id, { unit: 'lu6' }, { actor: seat });
  await world.proposals.of(id, seat);
  expect(asked).toEqual([{ count: 1, skills: ['warning-cones'] }, { count: 1, skills: ['tow'] }, undefined]);
  const steps = async () => (await world.planDesk.view(id, seat)).steps.slice(3).map(({ state }) => state);
  expect(await steps()).toEqual(['done', 'done']);
  await world.dispatcher.recall(id, { unit: 'lu6', reason: '误派' }, { actor: seat });
  await world.proposals.of(id, seat);
  expect(asked.at(-1)).toEqual({ count: 1, skills: ['tow'] });
  expect(await steps()).toEqual(['done', 'open']);
});

test('when its facts change an incident gets the plan that fits better, and never one that fits less', async () => {
  let visibility = 800;
  await using world = await openPlanned([usual, fog], { visibility: () => visibility });
  const { id, plan } = await world.desk.open(walker, { actor: seat });
  expect(plan?.id).toBe('usual');
  visibility = 120;
  await world.desk.decide(id, { type: 'explain', reason: '起雾' }, { actor: seat });
  await expect.poll(async () => (await world.book.get(id)).plan?.id, { timeout: 20_000 }).toBe('fog');
  visibility = 5_000;
  await world.desk.decide(id, { type: 'explain', reason: '雾散' }, { actor: seat });
  await world.planDesk.close();
  expect((await world.book.get(id)).plan?.id).toBe('fog');
});

test('a seat ticks a step off once, with a row in the timeline; others cannot', async () => {
  await using world = await openPlanned([fog], { visibility: () => 150 });
  const { id } = await world.desk.open(walker, { actor: seat });
  const done = { step: 'sign', note: '已发布' };
  expect((await world.planDesk.done(id, done, seat)).steps[2]).toMatchObject({
    state: 'done',
    by: '席1',
    note: '已发布',
  });
  await world.planDesk.done(id, done, seat);
  const timeline = await world.book.timeline(id, seat);
  const ticks = timeline.filter(({ action }) => action === 'incident.plan-step');
  expect(ticks).toMatchObject([{ by: '席1', details: { plan: 'fog', step: 'sign', became: 'done', note: '已发布' } }]);
  await expect(world.planDesk.done(id, { step: 'nothing' }, seat)).rejects.toMatchObject({
    code: 'PLAN_STEP_NOT_FOUND',
  });
  for (const actor of [southSeat, patrol])
    await expect(world.planDesk.done(id, done, actor)).rejects.toMatchObject({ code: 'INCIDENT_NOT_FOUND' });
});

test('a camera is turned once, also when the house goes down while it turns', async () => {
  const turned: unknown[] = [];
  const { promise: hanging, reject } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const steer = (wanted: unknown) => {
    turned.push(wanted);
    begun.resolve();
    return hanging;
  };
  await using world = await openPlanned([turning], { steer });
  const { id } = await world.desk.open(walker, { actor: seat });
  await begun.promise;
  const again = world.openDesk();
  await again.start();
  expect((await again.view(id, seat)).steps).toMatchObject([{ state: 'failed', note: 'interrupted by a restart' }]);
  reject(new Error('it is down'));
  await again.close();
  expect(turned).toEqual([{ camera: 'k1', preset: '2', incident: id }]);
});

test('a camera that cannot be turned is said to have failed, and a seat ticks it off', async () => {
  await using world = await openPlanned([turning], {
    steer: async () => {
      throw new Error('the camera does not answer');
    },
  });
  const changed = once(world.records, 'changed');
  const { id } = await world.desk.open(walker, { actor: seat });
  await changed;
  const states = async () => (await world.planDesk.view(id, seat)).steps;
  await expect
    .poll(states, { timeout: 20_000 })
    .toMatchObject([{ state: 'failed', note: 'the camera does not answer' }]);
  expect((await world.planDesk.done(id, { step: 'turn' }, seat)).steps).toMatchObject([{ state: 'done', by: '席1' }]);
});

test('an incident goes on with its plan as it was when the files have changed', async () => {
  await using world = await openPlanned([fog], { visibility: () => 150 });
  const { id } = await world.desk.open(walker, { actor: seat });
  world.source.configure([]);
  expect((await world.planDesk.view(id, seat)).steps).toHaveLength(5);
  expect((await world.desk.open({ ...walker, reference: '2' }, { actor: seat })).plan).toBeUndefined();
});
