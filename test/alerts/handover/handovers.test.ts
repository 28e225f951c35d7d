import { expect, test } from 'vitest';
import { mostNamed } from '../../../src/alerts/handover/handover.ts';
import { Handovers } from '../../../src/alerts/handover/handovers.ts';
import { verifyLedger } from '../../../src/store/ledger-verdict.ts';
import { fog, otherSeat, seat, southSeat } from '../alert-fixtures.ts';
import { deedsOn, openDuty } from '../duty/duty-fixtures.ts';

const incident = {
  id: 'i1',
  title: '井盖缺失',
  severity: 'minor' as const,
  state: 'dispatched',
  at: '2026-01-01T00:00:00.000Z',
  dueAt: '2026-01-01T01:00:00.000Z',
  units: ['xun7'],
};

async function openShift() {
  const world = await openDuty();
  const handovers = new Handovers({
    ...world,
    incidents: async () => [incident],
    blind: async () => [{ id: 'k1', name: 'K1432' }],
  });
  const apart = (n: number) => fog({ key: `fog:${n}`, sensor: `ws${n}`, position: { lat: 27 + n / 10, lon: 105 } });
  return { ...world, handovers, apart };
}

test('a shift is written down as it stands, signed by both, and what the giver had is the taker’s', async () => {
  await using world = await openShift();
  const { desk, handovers, apart } = world;
  const [untaken, own, others] = await Promise.all([1, 2, 3].map((n) => desk.observe(apart(n))));
  await desk.acknowledge(own?.id ?? '', seat);
  await desk.acknowledge(others?.id ?? '', otherSeat);
  await desk.silences.begin({ sensor: 'ws9', reason: '检修', minutes: 60 }, seat);
  const given = await handovers.give({ notes: '路6 去加油', to: '席2' }, seat);
  expect(given).toMatchObject({
    state: 'given',
    giver: { name: '席1' },
    notes: '路6 去加油',
    work: {
      untaken: { total: 1, items: [{ id: untaken?.id }] },
      owned: { total: 1, items: [{ id: own?.id }] },
      incidents: { total: 1, items: [incident] },
      overdue: 1,
      silences: { total: 1, items: [{ sensor: 'ws9' }] },
      blind: { total: 1, items: [{ id: 'k1' }] },
    },
  });
  const told: string[] = [];
  desk.on('changed', ({ id }) => told.push(id));
  const signed = await handovers.sign(given.id, otherSeat);
  expect(signed).toMatchObject({ state: 'signed', taker: { name: '席2' }, moved: 1, version: 2, work: given.work });
  expect(await handovers.sign(given.id, otherSeat)).toEqual(signed);
  expect(told).toEqual([own?.id]);
  expect(await desk.get(own?.id ?? '')).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'seat-2' } });
  expect(await deedsOn(world, given.id)).toEqual(['席1 handover.give', '席2 handover.sign']);
  expect((await deedsOn(world, own?.id ?? '')).at(-1)).toBe('席2 alert.handover');
  expect((await handovers.list({ limit: 5 }, seat)).items).toEqual([signed]);
  expect(await verifyLedger(world.store.db)).toMatchObject({ intact: true });
});

test('it is not signed by the giver, by somebody it is not meant for, nor by a second taker', async () => {
  await using world = await openShift();
  const { handovers } = world;
  const third = { ...otherSeat, id: 'seat-9', name: '席9' };
  const { id } = await handovers.give({ notes: '', to: '席2' }, seat);
  const refused = { code: 'HANDOVER_REFUSED', statusCode: 409 };
  await expect(handovers.sign(id, seat)).rejects.toMatchObject(refused);
  await expect(handovers.sign(id, third)).rejects.toMatchObject(refused);
  const open = await handovers.give({ notes: '' }, seat);
  const both = await Promise.allSettled([otherSeat, third].map((taker) => handovers.sign(open.id, taker)));
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(handovers.give({ notes: '', to: '无此人' }, seat)).rejects.toMatchObject({ code: 'SEAT_NOT_FOUND' });
});

test('who has not all of its areas does not see it', async () => {
  await using world = await openShift();
  const { id } = await world.handovers.give({ notes: '' }, seat);
  await expect(world.handovers.sign(id, southSeat)).rejects.toMatchObject({ code: 'HANDOVER_NOT_FOUND' });
  expect((await world.handovers.list({ limit: 5 }, southSeat)).items).toEqual([]);
  const south = await world.handovers.give({ notes: '' }, southSeat);
  expect((await world.handovers.list({ limit: 5 }, southSeat)).items).toEqual([south]);
});

test('all of it is one step: where the ledger refuses, nobody has signed and nothing has moved', async () => {
  await using world = await openShift();
  const { desk, handovers, apart, store } = world;
  const { id: alert } = await desk.observe(apart(1));
  await desk.acknowledge(alert, seat);
  const { id } = await handovers.give({ notes: '' }, seat);
  await store.db.schema.alterTable('ledger').renameTo('ledger_away').execute();
  await expect(handovers.sign(id, otherSeat)).rejects.toThrow();
  await store.db.schema.alterTable('ledger_away').renameTo('ledger').execute();
  expect(await handovers.get(id, seat)).toMatchObject({ state: 'given', version: 1 });
  expect(await desk.get(alert)).toMatchObject({ acknowledgedBy: { id: 'seat-1' } });
});

test('of very much work the first so many are named, and all are counted', async () => {
  await using world = await openShift();
  const handovers = new Handovers({
    ...world,
    incidents: async () => Array.from({ length: 300 }, (_, n) => ({ ...incident, id: `i${n}` })),
    blind: async () => [],
  });
  const { work } = await handovers.give({ notes: '' }, seat);
  expect(work.incidents.total).toBe(300);
  expect(work.incidents.items).toHaveLength(mostNamed);
  expect(work.overdue).toBe(300);
});
