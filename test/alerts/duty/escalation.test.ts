import { expect, test } from 'vitest';
import { fog, otherSeat, seat, southSeat } from '../alert-fixtures.ts';
import { chief, deedsOn, inSeconds, openDuty } from './duty-fixtures.ts';

test('what nobody takes is asked of the next seat of its area that is at work, then of those above, and of nobody more', async () => {
  await using world = await openDuty({ online: [southSeat, otherSeat] });
  const { desk, clock } = world;
  const { id } = await desk.observe(fog());
  await clock.tick(inSeconds(59));
  expect(await desk.get(id)).not.toHaveProperty('escalation');
  await clock.tick(inSeconds(61));
  const asked = await desk.get(id);
  expect(asked).toMatchObject({ state: 'raised', version: 2, escalation: { step: 'seat', asked: [{ name: '席2' }] } });
  await clock.tick(inSeconds(62));
  await clock.tick(inSeconds(120));
  expect(await desk.get(id)).toEqual(asked);
  await clock.tick(inSeconds(122));
  const last = await desk.get(id);
  expect(last.escalation).toMatchObject({ step: 'supervisor', asked: [{ name: '席2' }, { name: chief.name }] });
  await clock.tick(inSeconds(9_000));
  expect(await desk.get(id)).toEqual(last);
  const steps = (await desk.timeline(id, seat)).map(({ action, details }) => [action, details]);
  expect(steps).toEqual([
    ['alert.raise', {}],
    ['alert.escalate', { step: 'seat', asked: ['席2'] }],
    ['alert.escalate', { step: 'supervisor', asked: [chief.name] }],
  ]);
});

test('each step is told as a change with its event; one that is taken is asked of nobody', async () => {
  await using world = await openDuty({ online: [seat] });
  const { desk, clock, store } = world;
  const { id } = await desk.observe(fog());
  const taken = await desk.observe(fog({ key: 'other', position: { lat: 28, lon: 105 } }));
  await desk.acknowledge(taken.id, seat);
  const told: unknown[] = [];
  desk.on('changed', (alert) => told.push(alert));
  await clock.tick(inSeconds(61));
  const escalated = await desk.get(id);
  expect(told).toEqual([escalated]);
  const events = await store.db.selectFrom('events').select(['seq', 'data']).where('subject', '=', id).execute();
  expect(JSON.parse(events.at(-1)?.data ?? '')).toEqual(escalated);
  expect(events.at(-1)?.seq).toBe(escalated.seq);
});

test('after a restart it goes on where it was: nothing is asked twice, nothing forgotten, though two clocks look at once', async () => {
  await using world = await openDuty({ online: [seat] });
  const { id } = await world.desk.observe(fog());
  await using later = await openDuty({ online: [seat], path: world.path });
  await Promise.all([world.clock.tick(inSeconds(61)), later.clock.tick(inSeconds(61))]);
  await using again = await openDuty({ online: [seat], path: world.path });
  await again.clock.tick(inSeconds(61));
  expect(await deedsOn(again, id)).toEqual(['system alert.raise', 'system alert.escalate']);
  await Promise.all([again.clock.tick(inSeconds(300)), later.clock.tick(inSeconds(300))]);
  expect((await deedsOn(again, id)).filter((deed) => deed.endsWith('escalate'))).toHaveLength(2);
});

test('where no seat is at work those above are asked at once', async () => {
  await using world = await openDuty({ online: [southSeat] });
  const { id } = await world.desk.observe(fog());
  await world.clock.tick(inSeconds(61));
  expect((await world.desk.get(id)).escalation).toMatchObject({ step: 'supervisor', asked: [{ id: 'chief' }] });
});

test('seats are asked in turn', async () => {
  await using world = await openDuty({ online: [seat, otherSeat] });
  for (const n of [1, 2, 3, 4])
    await world.desk.observe(fog({ key: `fog:${n}`, sensor: `ws${n}`, position: { lat: 27 + n / 10, lon: 105 } }));
  await world.clock.tick(inSeconds(61));
  const asked = (await world.desk.open()).map(({ escalation }) => escalation?.asked[0]?.name);
  expect(asked.toSorted()).toEqual(['席1', '席1', '席2', '席2']);
});

test('a notice is escalated to nobody, and what is given back is begun with anew', async () => {
  await using world = await openDuty({ online: [otherSeat] });
  const { desk, clock } = world;
  const notice = await desk.observe(fog({ key: 'n', severity: 'info', position: { lat: 28, lon: 105 } }));
  const { id } = await desk.observe(fog());
  await clock.tick(inSeconds(61));
  expect(await desk.get(notice.id)).toEqual(notice);
  await desk.acknowledge(id, seat);
  expect(await desk.release(id, seat)).not.toHaveProperty('escalation');
});
