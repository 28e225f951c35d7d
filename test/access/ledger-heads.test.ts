import { createPublicKey } from 'node:crypto';
import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openKeys, passingKeys, publicKeyFile } from '../../src/access/keys/installation-keys.ts';
import { headLine, lineHash, parseHead } from '../../src/access/ledger/ledger-head.ts';
import { LedgerHeads } from '../../src/access/ledger/ledger-heads.ts';
import { verifyWithHeads } from '../../src/access/ledger/verify-with-heads.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { appendLedger, ledgerHash } from '../../src/store/ledger-repository.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { runCommand } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const path = (data: string) => join(data, 'ledger-heads.jsonl');
const database = (data: string) => join(data, 'operations.sqlite');

async function write(store: Store, rows: number): Promise<void> {
  for (let i = 0; i < rows; i += 1)
    await store.transaction((tx) => appendLedger(tx, { actor: systemActor, action: 'test', result: 'ok' }));
}

/** A data directory of 30 rows, signed at 20 and at 30, and closed: whoever has the files has them. */
async function openLedger() {
  const { path: data, ...folder } = await tempDir();
  const keys = await openKeys(join(data, 'keys'));
  await using store = await openStore(database(data));
  const heads = new LedgerHeads({ store, path: path(data), key: keys.signing, log: silentLog });
  await write(store, 20);
  await heads.write();
  await write(store, 10);
  await heads.write();
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
  return { data, keys, ...folder };
}

async function verdictOf(data: string, key = publicKeyFile(join(data, 'keys'))) {
  await using store = await openStore(database(data));
  return await verifyWithHeads(store.db, path(data), createPublicKey(await readFile(key, 'utf8')));
}

async function tamper(data: string, statement: string): Promise<void> {
  await using store = await openStore(database(data));
  await sql.raw(statement).execute(store.db);
}

test('an untouched ledger agrees with its heads; the keys are for their owner only', async () => {
  await using ledger = await openLedger();
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: true, rows: 30, heads: 2 });
  for (const name of ['sealing.key', 'ledger.key'])
    expect((await stat(join(ledger.data, 'keys', name))).mode & 0o777).toBe(0o600);
  expect((await openKeys(join(ledger.data, 'keys'))).sealing).toEqual(ledger.keys.sealing);
});

test.each([
  ['one byte flipped', "UPDATE ledger SET action = 'tast' WHERE id = 12", { firstWrongId: 12, problem: 'changed' }],
  ['a middle row deleted', 'DELETE FROM ledger WHERE id = 15', { firstWrongId: 15, problem: 'missing' }],
  ['the last ten deleted', 'DELETE FROM ledger WHERE id > 20', { firstWrongId: 21, problem: 'cut' }],
])('%s: the row is named', async (...[, statement, expected]) => {
  await using ledger = await openLedger();
  await tamper(ledger.data, statement);
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, heads: 2, ...expected });
});

test('the last ten deleted and the counter of the database put back: the heads still know', async () => {
  await using ledger = await openLedger();
  await tamper(ledger.data, 'DELETE FROM ledger WHERE id > 20');
  await tamper(ledger.data, "UPDATE sqlite_sequence SET seq = 20 WHERE name = 'ledger'");
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, firstWrongId: 21, problem: 'cut' });
  await rm(path(ledger.data));
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, heads: 0, firstWrongId: 30, problem: 'lost' });
});

test("yesterday's database in the place of today's is found, also when it went on since", async () => {
  await using ledger = await openLedger();
  await using yesterday = await tempDir();
  const copy = join(yesterday.path, 'copy.sqlite');
  await copyFile(database(ledger.data), copy);
  {
    await using store = await openStore(database(ledger.data));
    await write(store, 5);
    await new LedgerHeads({ store, path: path(ledger.data), key: ledger.keys.signing, log: silentLog }).write();
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store.db);
  }
  await copyFile(copy, database(ledger.data));
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, firstWrongId: 31, problem: 'cut' });
  {
    await using store = await openStore(database(ledger.data));
    await write(store, 8);
  }
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, firstWrongId: 35, problem: 'replaced' });
});

test('heads that another key signed prove nothing: the line and its row are named', async () => {
  await using ledger = await openLedger();
  const lines = (await readFile(path(ledger.data), 'utf8')).trim().split('\n');
  const { signature: _, ...head } = parseHead(lines[1] ?? '') ?? {
    signature: '',
    at: '',
    id: 0,
    hash: '',
    previous: '',
  };
  await writeFile(path(ledger.data), `${lines[0]}\n${headLine(head, passingKeys().signing)}\n`);
  expect(await verdictOf(ledger.data)).toMatchObject({
    ...{ intact: false, heads: 1, firstWrongId: 30, problem: 'foreign-key', wrongLine: 2 },
  });
});

test('a head taken out of the file breaks the one after it; one that a crash left unfinished does not', async () => {
  await using ledger = await openLedger();
  const text = await readFile(path(ledger.data), 'utf8');
  const [first = '', second = ''] = text.trim().split('\n');
  expect(parseHead(second)?.previous).toBe(lineHash(first));
  await writeFile(path(ledger.data), `${second}\n`);
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, problem: 'unchained', wrongLine: 1 });
  await writeFile(path(ledger.data), `${first}\n${second}\n${second.slice(0, 60)}`);
  await using store = await openStore(database(ledger.data));
  await write(store, 1);
  await new LedgerHeads({ store, path: path(ledger.data), key: ledger.keys.signing, log: silentLog }).write();
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: true, rows: 31, heads: 3 });
});

test('a head is written when all ends, and none twice for the same row', async () => {
  await using ledger = await openLedger();
  await using store = await openStore(database(ledger.data));
  const options = { store, path: path(ledger.data), key: ledger.keys.signing, log: silentLog };
  const heads = new LedgerHeads(options);
  heads.start();
  await write(store, 1);
  await heads.close();
  await heads.close();
  const lines = (await readFile(path(ledger.data), 'utf8')).trim().split('\n');
  expect(lines.map((line) => parseHead(line)?.id)).toEqual([20, 30, 31]);
});

test('a file of heads that cannot be written is told, and tried again', async () => {
  await using ledger = await openLedger();
  await using store = await openStore(database(ledger.data));
  await writeFile(join(ledger.data, 'disk'), 'no directory');
  const away = join(ledger.data, 'disk', 'heads.jsonl');
  const heads = new LedgerHeads({ store, path: away, key: ledger.keys.signing, log: silentLog, everyMs: 20 });
  heads.start();
  await expect.poll(() => heads.health).toBe('not written');
  await rm(join(ledger.data, 'disk'));
  await expect.poll(() => heads.health).toBe('ok');
  await heads.close();
  expect((await readFile(away, 'utf8')).trim().split('\n')).toHaveLength(1);
});

test.each([
  ['short', 'c2hvcnQ', 'random bytes'],
  ['all the same', Buffer.alloc(32, 7).toString('base64url'), 'random bytes'],
])('the house does not open with a sealing key that is %s', async (...[, text, problem]) => {
  await using folder = await tempDir();
  await writeFile(join(folder.path, 'sealing.key'), text, { mode: 0o600 });
  await expect(openKeys(folder.path)).rejects.toThrow(problem);
});

test('nor without the key that its public one belongs to', async () => {
  await using folder = await tempDir();
  await openKeys(folder.path);
  await openKeys(folder.path);
  await rm(join(folder.path, 'ledger.key'));
  for (const _ of [1, 2]) await expect(openKeys(folder.path)).rejects.toThrow('is not the key of');
});

test('nor with one that others can read', async () => {
  await using folder = await tempDir();
  await writeFile(join(folder.path, 'ledger.key'), 'x', { mode: 0o644 });
  await expect(openKeys(folder.path)).rejects.toThrow('can be read by others');
});

test('the command names the row and what is wrong with it, and its exit code says so', async () => {
  await using ledger = await openLedger();
  const verify = async (...more: string[]) => await runCommand(['ledger', 'verify', '--data', ledger.data, ...more]);
  const whole = await verify();
  expect([whole.code, whole.lines[0]]).toEqual([0, `intact: 30 rows, 2 signed heads in ${path(ledger.data)}`]);
  await tamper(ledger.data, 'DELETE FROM ledger WHERE id > 25');
  const cut = await verify();
  expect([cut.code, cut.lines[0]]).toEqual([2, 'row 26: it and all after it are gone']);
  expect((await verify('--key', join(ledger.data, 'operations.sqlite'))).code).toBe(1);
});

test.each([
  ['cut at its end', (lines: string[]) => lines.slice(0, 1), { firstWrongId: 30, problem: 'lost', heads: 1 }],
  ['emptied', () => [], { firstWrongId: 30, problem: 'lost', heads: 0 }],
  ['broken in its last line', ([a = '', b = '']: string[]) => [a, b.slice(1)], { problem: 'unreadable', wrongLine: 2 }],
  [
    'broken in its first line',
    ([a = '', b = '']: string[]) => [a.slice(1), b],
    { problem: 'unreadable', wrongLine: 1 },
  ],
  ['written anew with a space', ([a = '', b = '']: string[]) => [a, `${b} `], { problem: 'unreadable', wrongLine: 2 }],
])('a file of heads that was %s is told by its line or its row', async (...[, edit, expected]) => {
  await using ledger = await openLedger();
  const lines = (await readFile(path(ledger.data), 'utf8')).trim().split('\n');
  await writeFile(
    path(ledger.data),
    edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: false, rows: 30, ...expected });
});

test('heads that were cut while nobody ran are a row of the ledger from the next start on', async () => {
  await using ledger = await openLedger();
  const [first = ''] = (await readFile(path(ledger.data), 'utf8')).split('\n');
  await writeFile(path(ledger.data), `${first}\n`);
  await using store = await openStore(database(ledger.data));
  const options = { store, path: path(ledger.data), key: ledger.keys.signing, log: silentLog };
  await new LedgerHeads(options).write();
  await new LedgerHeads(options).write();
  const rows = await store.db.selectFrom('ledger').selectAll().where('id', '>', 30).execute();
  const lost = { action: 'ledger.heads-lost', result: 'failed', details: '{"row":30,"last":20}' };
  expect(rows).toMatchObject([{ id: 31, actor: 'system', ...lost }]);
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: true, rows: 31, heads: 2, unsigned: 0 });
});

test('a row can be signed by itself; rows after the last signature are said to be unsigned', async () => {
  await using ledger = await openLedger();
  await using store = await openStore(database(ledger.data));
  const heads = new LedgerHeads({ store, path: path(ledger.data), key: ledger.keys.signing, log: silentLog });
  await write(store, 4);
  const row = await store.db.selectFrom('ledger').select(['id', 'hash']).where('id', '=', 32).executeTakeFirstOrThrow();
  await heads.sign(row);
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: true, rows: 34, heads: 3, unsigned: 2 });
  const { lines } = await runCommand(['ledger', 'verify', '--data', ledger.data]);
  expect(lines[2]).toContain('rows 33 to 34 are newer than the last signature');
});

test('a row put in between, one written over with a hash that fits, one taken out with all after it moved up', async () => {
  await using ledger = await openLedger();
  const moved = (from: number, by: number) =>
    `UPDATE ledger SET id = -id WHERE id >= ${from}; UPDATE ledger SET id = -id + ${by} WHERE id < 0`;
  const renumber = async (statements: string) => {
    for (const statement of statements.split('; ')) await tamper(ledger.data, statement);
  };
  await renumber(moved(11, 1));
  {
    await using store = await openStore(database(ledger.data));
    const before = await store.db.selectFrom('ledger').selectAll().where('id', '=', 10).executeTakeFirstOrThrow();
    const forged = { ...before, actor: 'nobody', previous_hash: before.hash };
    await store.db
      .insertInto('ledger')
      .values({ ...forged, id: 11, hash: ledgerHash(forged) })
      .execute();
  }
  expect(await verdictOf(ledger.data)).toMatchObject({ firstWrongId: 11, problem: 'inserted', rows: 10 });
  await tamper(ledger.data, 'DELETE FROM ledger WHERE id = 11');
  await renumber(moved(12, -1));
  expect(await verdictOf(ledger.data)).toMatchObject({ intact: true });
  {
    await using store = await openStore(database(ledger.data));
    const row = await store.db.selectFrom('ledger').selectAll().where('id', '=', 11).executeTakeFirstOrThrow();
    const forged = { ...row, actor: 'nobody' };
    await store.db
      .updateTable('ledger')
      .set({ actor: 'nobody', hash: ledgerHash(forged) })
      .where('id', '=', 11)
      .execute();
  }
  expect(await verdictOf(ledger.data)).toMatchObject({ firstWrongId: 11, problem: 'changed', rows: 10 });
  await tamper(ledger.data, 'DELETE FROM ledger WHERE id = 11');
  await renumber(moved(12, -1));
  expect(await verdictOf(ledger.data)).toMatchObject({ firstWrongId: 11, problem: 'missing', rows: 10 });
});
