import { expect, test } from 'vitest';
import { ledgerPage } from '../../../src/store/ledger-repository.ts';
import { fog, openDesk, seat, second } from '../alert-fixtures.ts';
import { north } from './merge-fixtures.ts';

const here = (seconds: number, changes: object = {}) => fog({ at: second(seconds), ...changes });
const there = (seconds: number, changes: object = {}) =>
  here(seconds, { key: 'fog:ws07', sensor: 'ws07', position: north(40), ...changes });

test('a word that a part is milder lowers the whole as far as its other parts let it, on its timeline', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(here(0, { declared: true, severity: 'critical' }));
  await world.desk.observe(there(1, { declared: true, severity: 'major' }));
  expect(await world.desk.observe(here(2, { declared: true, severity: 'info' }))).toMatchObject({
    id,
    severity: 'major',
    merged: [{ severity: 'info' }, { severity: 'major' }],
  });
  expect(await world.desk.observe(there(3, { declared: true, severity: 'minor' }))).toMatchObject({
    severity: 'minor',
  });
  const deeds = (await ledgerPage(world.store.db, { limit: 2 })).map(({ action, details }) => [
    action,
    JSON.parse(`${details}`).from,
  ]);
  expect(deeds).toEqual([
    ['alert.severity', 'major'],
    ['alert.severity', 'critical'],
  ]);
});

test.each([
  ['its own source', here],
  ['another', there],
])('a word of %s that makes a taken whole worse gives it back', async (_, source) => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(here(0));
  await world.desk.observe(there(1));
  await world.desk.acknowledge(id, seat);
  const worse = await world.desk.observe(source(2, { declared: true, severity: 'critical' }));
  expect(worse).toMatchObject({ id, version: 4, severity: 'critical', state: 'raised' });
  expect(worse).not.toHaveProperty('acknowledgedBy');
});

test('what is no worse than the whole was closed as stays closed', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(here(0, { severity: 'critical' }));
  await world.desk.observe(there(1));
  await world.desk.dismiss(id, seat, { reason: '无影响' });
  expect(await world.desk.observe(there(2, { severity: 'major' }))).toMatchObject({ id, state: 'dismissed' });
});

test('what is worse than the whole was closed as is news, also when another source has looked since', async () => {
  await using world = await openDesk();
  const { id } = await world.desk.observe(here(0));
  await world.desk.observe(there(10));
  await world.desk.dismiss(id, seat, { reason: '无影响' });
  const worse = await world.desk.observe(here(8, { severity: 'critical' }));
  expect(worse).toMatchObject({ state: 'raised', severity: 'critical' });
  expect(worse.id).not.toBe(id);
});
