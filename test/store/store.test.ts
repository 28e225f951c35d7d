import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemActor } from '../../src/shared/actor.ts';
import { appendEvent, eventsSince, headSeq } from '../../src/store/events-repository.ts';
import { appendLedger } from '../../src/store/ledger-repository.ts';
import { verifyLedger } from '../../src/store/ledger-verdict.ts';
import { openStore } from '../../src/store/store.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const entry = { actor: systemActor, action: 'test', result: 'ok' } as const;

test('what a transaction wrote is there after the store was opened again', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'operations.sqlite');
  {
    await using store = await openStore(path);
    await store.transaction((tx) => appendEvent(tx, { topic: 'alerts', subject: 'a', data: { n: 1 } }));
  }
  await using store = await openStore(path);
  const events = await eventsSince(store.db, { seq: 0, topics: ['alerts'], limit: 10 });
  expect(events).toMatchObject([{ seq: 1, topic: 'alerts', subject: 'a', data: { n: 1 } }]);
});

test('a transaction that throws leaves nothing behind', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  const work = store.transaction(async (tx) => {
    await appendEvent(tx, { topic: 'alerts', subject: 'a', data: {} });
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await headSeq(store.db)).toBe(0);
});

test('transactions started together do not see or mix with each other', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  await Promise.all(Array.from({ length: 50 }, () => store.transaction((tx) => appendLedger(tx, entry))));
  expect(await verifyLedger(store.db)).toMatchObject({ intact: true, rows: 50 });
});

test('the ledger names the first row that was changed, removed or moved', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  for (let row = 0; row < 5; row += 1) await store.transaction((tx) => appendLedger(tx, entry));
  await store.db.updateTable('ledger').set({ actor: 'somebody else' }).where('id', '=', 3).execute();
  expect(await verifyLedger(store.db)).toEqual({ intact: false, rows: 2, firstWrongId: 3, problem: 'changed' });
  await store.db.deleteFrom('ledger').where('id', '=', 2).execute();
  expect(await verifyLedger(store.db)).toEqual({ intact: false, rows: 1, firstWrongId: 2, problem: 'missing' });
});

test('a statement the database refuses is a StoreError that says why', async () => {
  await using dir = await tempDir();
  await using store = await openStore(join(dir.path, 'operations.sqlite'));
  const twice = { key: 'k', value: '1' };
  await store.db.insertInto('settings').values(twice).execute();
  await expect(store.db.insertInto('settings').values(twice).execute()).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringContaining('UNIQUE'),
  });
});
