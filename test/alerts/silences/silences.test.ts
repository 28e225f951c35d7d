import { expect, test } from 'vitest';
import { fog, seat, second, southSeat } from '../alert-fixtures.ts';
import { deedsOn, inSeconds, openDuty } from '../duty/duty-fixtures.ts';

const order = { sensor: 'ws06', reason: '检修', minutes: 30 };

test('what falls into a silence is kept and counted, and told to nobody', async () => {
  await using world = await openDuty();
  const { desk, store } = world;
  const silence = await desk.silences.begin(order, seat);
  const told: unknown[] = [];
  desk.on('changed', (alert) => told.push(alert));
  const quiet = await desk.observe(fog());
  const loud = await desk.observe(fog({ key: 'b', sensor: 'ws07' }));
  expect(quiet).toMatchObject({ silenced: silence.id, state: 'raised' });
  expect(quiet).not.toHaveProperty('dueAt');
  expect(quiet).not.toHaveProperty('wakeAt');
  expect(loud.mergedFrom).toEqual([]);
  expect(told).toEqual([loud]);
  expect(await desk.open()).toEqual([loud]);
  expect((await desk.list()).items).toEqual([loud]);
  expect((await desk.list({ silence: silence.id })).items).toEqual([quiet]);
  expect((await desk.silences.list({ limit: 10 }, seat)).items).toEqual([{ ...silence, count: 1 }]);
  const events = await store.db.selectFrom('events').select(['seq', 'topic']).orderBy('seq').execute();
  expect(events).toEqual([
    { seq: quiet.seq, topic: 'silenced' },
    { seq: loud.seq, topic: 'alerts' },
  ]);
});

test('what is critical and who calls for help is never silenced, not even when it becomes so', async () => {
  await using world = await openDuty();
  const { desk } = world;
  await desk.silences.begin({ area: 'north', reason: '演练', minutes: 30 }, seat);
  expect(await desk.observe(fog({ key: 'a', severity: 'critical' }))).not.toHaveProperty('silenced');
  const sos = fog({ key: 'sos:1', kind: 'sos', severity: 'major', position: { lat: 28, lon: 105 } });
  expect(await desk.observe(sos)).not.toHaveProperty('silenced');
  const quiet = await desk.observe(fog({ key: 'c', sensor: 'ws08', position: { lat: 29, lon: 105 } }));
  expect(quiet).toHaveProperty('silenced');
  const at = { at: second(6), severity: 'critical', sensor: 'ws08', position: { lat: 29, lon: 105 } } as const;
  const worse = await desk.observe(fog({ key: 'c', ...at }));
  expect(worse).toMatchObject({ id: quiet.id, severity: 'critical', dueAt: expect.any(String) });
  expect(worse).not.toHaveProperty('silenced');
  expect((await desk.open()).map(({ id }) => id)).toContain(quiet.id);
});

test('all that a silence names has to fit', async () => {
  await using world = await openDuty();
  const { desk } = world;
  await desk.silences.begin({ ...order, kind: 'ice', area: 'north' }, seat);
  const fogAlert = await desk.observe(fog());
  expect(fogAlert).not.toHaveProperty('silenced');
  const ice = await desk.observe(fog({ key: 'ice:ws06', kind: 'ice', position: { lat: 28, lon: 105 } }));
  expect(ice).toHaveProperty('silenced');
});

test('when its time is up, also during a restart, what goes on rings, and what is over stays quiet', async () => {
  await using world = await openDuty();
  const silence = await world.desk.silences.begin({ area: 'north', reason: '检修', minutes: 30 }, seat);
  const going = await world.desk.observe(fog());
  const over = await world.desk.observe(fog({ key: 'b', sensor: 'ws07' }));
  await world.desk.end('b', second(30));
  await using later = await openDuty({ path: world.path });
  await later.clock.tick(inSeconds(60));
  expect(await later.desk.open()).toEqual([]);
  const told: string[] = [];
  later.desk.on('changed', ({ id }) => told.push(id));
  await later.clock.tick(inSeconds(1_801));
  await later.clock.tick(inSeconds(1_802));
  expect(told).toEqual([going.id]);
  expect(await later.desk.open()).toMatchObject([{ id: going.id, dueAt: expect.any(String) }]);
  expect((await later.desk.get(over.id)).silenced).toBe(silence.id);
  expect((await later.desk.silences.list({ limit: 10 }, seat)).items).toMatchObject([
    { count: 2, endedBy: { id: 'system' } },
  ]);
  expect(await deedsOn(later, silence.id)).toEqual(['席1 silence.begin', 'system silence.end']);
  expect(await later.desk.silences.running()).toEqual([]);
});

test('somebody ends it before, once; others do not see one of another area', async () => {
  await using world = await openDuty();
  const { silences } = world.desk;
  const { id } = await silences.begin({ area: 'north', reason: '检修', minutes: 30 }, seat);
  await expect(silences.end(id, southSeat)).rejects.toMatchObject({ code: 'SILENCE_NOT_FOUND' });
  const ended = await silences.end(id, seat);
  expect(ended).toMatchObject({ endedBy: { name: '席1' } });
  expect(await silences.end(id, seat)).toEqual(ended);
  expect(await world.desk.observe(fog())).not.toHaveProperty('silenced');
  expect((await silences.list({ limit: 10 }, southSeat)).items).toEqual([]);
  expect(await deedsOn(world, id)).toEqual(['席1 silence.begin', '席1 silence.end']);
});

test('nobody silences everything, a call for help, or what is not theirs', async () => {
  await using world = await openDuty();
  const { silences } = world.desk;
  const refused = { code: 'SILENCE_REFUSED', statusCode: 422 };
  await expect(silences.begin({ reason: 'x', minutes: 5 }, seat)).rejects.toMatchObject(refused);
  await expect(silences.begin({ kind: 'sos', reason: 'x', minutes: 5 }, seat)).rejects.toMatchObject(refused);
  await expect(silences.begin({ ...order, area: 'north' }, southSeat)).rejects.toMatchObject(refused);
  await expect(silences.begin(order, southSeat)).rejects.toMatchObject(refused);
  expect(await silences.begin({ ...order, area: 'south' }, southSeat)).toMatchObject({ area: 'south' });
});

test('a seat that takes what is silenced has it like any other', async () => {
  await using world = await openDuty();
  await world.desk.silences.begin(order, seat);
  const { id } = await world.desk.observe(fog());
  expect(await world.desk.acknowledge(id, seat)).not.toHaveProperty('silenced');
  expect((await world.desk.open()).map((alert) => alert.id)).toEqual([id]);
});
