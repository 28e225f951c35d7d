import { join } from 'node:path';
import { expect, test } from 'vitest';
import { insertAlert, latestByKey, listAlerts, updateAlert } from '../../src/store/alerts-repository.ts';
import { openStore } from '../../src/store/store.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const alert = {
  id: 'a1',
  seq: 1,
  version: 1,
  kind: 'crowd',
  severity: 'minor',
  state: 'raised',
  at: '2026-01-01T00:00:00.000Z',
  lastSeenAt: '2026-01-01T00:00:00.000Z',
};

test('an alert is written over only at the version it was read at', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  await store.transaction((tx) => insertAlert(tx, 'k', alert));
  const acknowledged = { ...alert, version: 2, state: 'acknowledged' };
  expect(await store.transaction((tx) => updateAlert(tx, acknowledged, 1))).toBe(true);
  expect(await store.transaction((tx) => updateAlert(tx, { ...alert, version: 2 }, 1))).toBe(false);
  expect(JSON.parse((await latestByKey(store.db, 'k'))?.data ?? '')).toEqual(acknowledged);
});

test('an alert is found by the severity that it has now', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  const [critical, minor] = [
    { ...alert, severity: 'critical' },
    { ...alert, version: 2, seq: 2 },
  ];
  await store.transaction((tx) => insertAlert(tx, 'k', critical));
  await store.transaction((tx) => updateAlert(tx, minor, 1));
  const of = async (severity: string) => await listAlerts(store.db, { areas: 'all', severities: [severity], limit: 9 });
  expect(await of('critical')).toEqual([]);
  expect((await of('minor')).map(({ data }) => JSON.parse(data))).toEqual([minor]);
});

test('the database refuses a second open alert of a key, and takes one once the first has ended', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  const next = { ...alert, id: 'a2', seq: 2 };
  await store.transaction((tx) => insertAlert(tx, 'k', alert));
  await expect(store.transaction((tx) => insertAlert(tx, 'k', next))).rejects.toThrow('UNIQUE');
  await store.transaction((tx) => updateAlert(tx, { ...alert, version: 2, endedAt: alert.at }, 1));
  await store.transaction((tx) => insertAlert(tx, 'k', next));
  expect(JSON.parse((await latestByKey(store.db, 'k'))?.data ?? '')).toEqual(next);
});
