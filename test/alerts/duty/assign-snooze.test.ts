import { expect, test } from 'vitest';
import { fog, otherSeat, seat, second, southSeat } from '../alert-fixtures.ts';
import { deedsOn, inSeconds, openDuty } from './duty-fixtures.ts';

test('an alert is given to a seat, which has it and may hand it on; whoever has not, gives nothing away', async () => {
  await using world = await openDuty();
  const { desk } = world;
  const { id } = await desk.observe(fog());
  const given = await desk.assign(id, seat, { to: otherSeat, version: 1 });
  expect(given).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'seat-2', name: '席2' }, version: 2 });
  expect(Date.parse(given.dueAt ?? '') - Date.now()).toBeGreaterThan(150_000);
  expect(await desk.assign(id, seat, { to: otherSeat })).toEqual(given);
  await expect(desk.assign(id, seat, { to: seat })).rejects.toMatchObject({ code: 'ALERT_MOVE_REFUSED' });
  expect(await desk.assign(id, otherSeat, { to: seat })).toMatchObject({
    acknowledgedBy: { id: 'seat-1' },
    version: 3,
  });
  await expect(desk.assign(id, seat, { to: otherSeat, version: 2 })).rejects.toMatchObject({ code: 'ALERT_STALE' });
  expect(await deedsOn(world, id)).toEqual(['system alert.raise', '席1 alert.assign', '席2 alert.assign']);
});

test('nobody is given what they may not see, nor gives it', async () => {
  await using world = await openDuty();
  const { id } = await world.desk.observe(fog());
  await expect(world.desk.assign(id, seat, { to: southSeat })).rejects.toMatchObject({ code: 'SEAT_NOT_FOUND' });
  await expect(world.desk.assign(id, southSeat, { to: southSeat })).rejects.toMatchObject({ code: 'ALERT_NOT_FOUND' });
  expect(await world.desk.get(id)).toMatchObject({ state: 'raised', version: 1 });
});

test('who has an alert puts it off; it is untaken again at its time, also after a restart, and once', async () => {
  await using world = await openDuty();
  const { id } = await world.desk.observe(fog());
  await expect(world.desk.snooze(id, seat, { minutes: 5 })).rejects.toMatchObject({ code: 'ALERT_MOVE_REFUSED' });
  await world.desk.acknowledge(id, seat);
  await expect(world.desk.snooze(id, otherSeat, { minutes: 5 })).rejects.toMatchObject({ code: 'ALERT_MOVE_REFUSED' });
  const put = await world.desk.snooze(id, seat, { minutes: 5 });
  expect(put).toMatchObject({ state: 'acknowledged', snoozedUntil: put.wakeAt, dueAt: put.snoozedUntil });

  await using later = await openDuty({ path: world.path });
  await later.clock.tick(inSeconds(299));
  expect(await later.desk.get(id)).toEqual(put);
  const told: unknown[] = [];
  later.desk.on('changed', ({ state, acknowledgedBy }) => told.push({ state, acknowledgedBy }));
  await later.clock.tick(inSeconds(301));
  await later.clock.tick(inSeconds(302));
  expect(told).toEqual([{ state: 'raised', acknowledgedBy: undefined }]);
  expect(await later.desk.get(id)).not.toHaveProperty('snoozedUntil');
  expect((await later.desk.timeline(id, seat)).map(({ action, by, state }) => [action, by, state])).toEqual([
    ['alert.raise', 'system', 'raised'],
    ['alert.acknowledge', '席1', 'acknowledged'],
    ['alert.snooze', '席1', 'acknowledged'],
    ['alert.wake', 'system', 'raised'],
  ]);
});

test('what was put off comes back before its time when it is worse, or when its seat takes it again', async () => {
  await using world = await openDuty();
  const { id } = await world.desk.observe(fog());
  await world.desk.acknowledge(id, seat);
  await world.desk.snooze(id, seat, { minutes: 60 });
  expect(await world.desk.acknowledge(id, seat)).not.toHaveProperty('snoozedUntil');
  await world.desk.snooze(id, seat, { minutes: 60 });
  const worse = await world.desk.observe(fog({ at: second(5), severity: 'major' }));
  expect(worse).toMatchObject({ id, state: 'raised', severity: 'major' });
  expect(worse).not.toHaveProperty('snoozedUntil');
});

test('what was put off is in the queue of its seat again when another source sees worse of it', async () => {
  await using world = await openDuty();
  const { id } = await world.desk.observe(fog());
  await world.desk.acknowledge(id, seat);
  const put = await world.desk.snooze(id, seat, { minutes: 60 });
  const near = { key: 'fog:ws07', sensor: 'ws07', position: { lat: 27.30036, lon: 105.29 }, at: second(1) };
  const same = await world.desk.observe(fog(near));
  expect(same).toMatchObject({ id, snoozedUntil: put.snoozedUntil, mergedFrom: [expect.any(String)] });
  const worse = await world.desk.observe(fog({ ...near, key: 'fog:ws08', sensor: 'ws08', severity: 'major' }));
  expect(worse).toMatchObject({ id, state: 'acknowledged', acknowledgedBy: { id: 'seat-1' }, severity: 'major' });
  expect(worse).not.toHaveProperty('snoozedUntil');
});
