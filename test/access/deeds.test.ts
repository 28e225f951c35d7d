import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Deeds } from '../../src/access/ledger/deeds.ts';
import { OwedRows } from '../../src/access/ledger/owed-rows.ts';
import { perform, tellWhenRead } from '../../src/shared/deed.ts';
import { silentLog } from '../../src/shared/log.ts';
import { appendLedger } from '../../src/store/ledger-repository.ts';
import { verifyLedger } from '../../src/store/ledger-verdict.ts';
import { ledgerOf, temporaryStore } from '../helpers/access-house.ts';
import { failingLedger } from '../helpers/failing-ledger.ts';

const seat = { id: 'u1', name: 'seat', role: 'seat', areas: 'all', address: '192.0.2.7', session: 'canary' } as const;
const turn = { actor: seat, action: 'camera.ptz', object: 'camera/k1', details: { pan: 1 } };

async function openDeeds() {
  const opened = new AsyncDisposableStack();
  const { store } = opened.use(await temporaryStore());
  const ledger = await failingLedger(store);
  const options = { store, log: silentLog, retryMs: 10 };
  const deeds = new Deeds(options);
  opened.defer(() => deeds.close());
  const left = () => store.db.selectFrom('deeds').selectAll().execute();
  const rows = () => ledgerOf(store);
  return { store, ledger, options, deeds, left, rows, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

test('while it is done there is no row that says how it ended; then there is one', async () => {
  await using house = await openDeeds();
  const { deeds, rows, left } = house;
  await perform(deeds.begin(turn), async () => expect([await rows(), (await left()).length]).toEqual([[], 1]));
  const stuck = perform(deeds.begin(turn), () => Promise.reject(new TypeError('stuck')));
  await expect(stuck).rejects.toThrow('stuck');
  const begunAt = expect.stringMatching(/Z$/);
  const row = { actor: 'seat', action: 'camera.ptz', object: 'camera/k1' };
  expect(await rows()).toEqual([
    { ...row, result: 'ok', details: { pan: 1, begunAt } },
    { ...row, result: 'failed', details: { pan: 1, reason: 'TypeError', begunAt } },
  ]);
  expect([await left(), (await verifyLedger(house.store.db)).intact]).toEqual([[], true]);
});

test('what the ledger would not take is not begun, and nothing is left of the trial', async () => {
  await using house = await openDeeds();
  await house.ledger.fail(100);
  let done = 0;
  await expect(perform(house.deeds.begin(turn), async () => (done += 1))).rejects.toThrow();
  await house.ledger.fail(0);
  expect([done, await house.left(), await house.rows()]).toEqual([0, [], []]);
  await perform(house.deeds.begin(turn), async () => undefined);
  expect(await verifyLedger(house.store.db)).toMatchObject({ intact: true, rows: 1 });
});

test('a ledger that fails before the end gets the row later, once', async () => {
  await using house = await openDeeds();
  const answer = await perform(house.deeds.begin(turn), async () => {
    await house.ledger.fail(100);
    return 'turned';
  });
  expect([answer, await house.rows()]).toEqual(['turned', []]);
  await house.ledger.fail(0);
  await expect.poll(house.rows).toMatchObject([{ action: 'camera.ptz', result: 'ok' }]);
  await house.deeds.close();
  expect([await house.left(), (await house.rows()).length]).toEqual([[], 1]);
});

test('what a crash left gets its row at the next start: nobody knows how it ended; no session is put down', async () => {
  await using house = await openDeeds();
  await house.deeds.begin(turn, { ...turn, action: 'camera.scene' });
  expect(JSON.stringify(await house.left())).not.toContain('canary');
  const next = new Deeds(house.options);
  const end = await next.begin(turn);
  next.start();
  await next.close();
  const unknown = { result: 'unknown', details: { reason: 'crashed' } };
  expect(await house.rows()).toMatchObject([
    { action: 'camera.ptz', ...unknown },
    { action: 'camera.scene', ...unknown },
  ]);
  await end({ result: 'ok' });
  expect((await house.rows()).map(({ result }) => result)).toEqual(['unknown', 'unknown', 'ok']);
});

test('bytes that were read to their end, and those that somebody broke off', async () => {
  const ends: object[] = [];
  const pieces = () => Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000), Buffer.alloc(7)]);
  const tell = async (end: object) => void ends.push(end);
  const whole = pieces();
  const told = tellWhenRead(whole, tell);
  await whole.toArray();
  await told;
  const part = pieces();
  part.once('data', () => part.destroy());
  await tellWhenRead(part, tell);
  expect(ends).toEqual([{ result: 'ok' }, { result: 'failed', details: { reason: 'broken off' } }]);
});

test('owed rows keep their order, and a row that comes late says when it was', async () => {
  await using house = await openDeeds();
  const owed = new OwedRows(house.options);
  const write = (action: string) =>
    owed.write(async (tx, since) => {
      await appendLedger(tx, { actor: seat, action, result: 'ok', details: { since } });
    });
  await house.ledger.fail(60);
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(write));
  await house.ledger.fail(0);
  await owed.close();
  const rows = await house.rows();
  expect(rows.map(({ action }) => action).join('')).toBe('abcdefgh');
});
