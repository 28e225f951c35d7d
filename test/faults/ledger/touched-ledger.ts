import { createPublicKey } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openKeys, publicKeyFile } from '../../../src/access/keys/installation-keys.ts';
import { LedgerHeads } from '../../../src/access/ledger/ledger-heads.ts';
import { verifyWithHeads } from '../../../src/access/ledger/verify-with-heads.ts';
import type { CommandContext } from '../../../src/cli/command.ts';
import { ledgerVerify, verdictLines } from '../../../src/cli/ledger-verify.ts';
import { type Actor, roles } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { appendLedger, type LedgerRow, ledgerHash } from '../../../src/store/ledger-repository.ts';
import { openStore, openStoreToRead, type Store } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

export const rowCount = 2_000;
/** A row in so many is signed outside of the database. */
export const signedEvery = 100;
/** How far yesterday's copy goes. */
export const yesterdayRows = 1_350;

const actions = ['login', 'camera.ptz', 'alert.dismiss', 'evidence.export', 'account.change', 'watch.start'];
const results = ['ok', 'denied', 'failed'] as const;

/** What people leave in a ledger: names of all letters, with and without an object, an address and details. */
function entryNumber(n: number) {
  const role = roles[n % roles.length] ?? 'seat';
  const actor: Actor = {
    ...{ id: `u${n % 40}`, name: n % 3 === 0 ? `席位 ${n % 40}\r\n` : `seat-${n % 40}`, role, areas: 'all' },
    ...(n % 4 !== 0 && { address: `192.0.2.${n % 250}` }),
  };
  return {
    ...{ actor, action: actions[n % actions.length] ?? 'login', result: results[n % 3] ?? 'ok' },
    ...(n % 5 !== 0 && { object: `camera/k${n}` }),
    ...(n % 7 !== 0 && { details: { n, reason: n % 2 === 0 ? '误报 \u{1b}[31m' : 'false alarm' } }),
  };
}

async function fill(store: Store, heads: LedgerHeads, span: { from: number; to: number }): Promise<void> {
  for (let next = span.from; next < span.to; ) {
    const [from, to] = [next, Math.min(span.to, next - (next % signedEvery) + signedEvery)];
    await store.transaction(async (tx) => {
      for (let n = from; n < to; n += 1) await appendLedger(tx, entryNumber(n));
    });
    await heads.write();
    next = to;
  }
}

/** A ledger that is over and signed to its end; what is done to it can be undone. */
export async function openTouchedLedger() {
  await using opened = new AsyncDisposableStack();
  const { path: data } = opened.use(await tempDir());
  const file = join(data, 'operations.sqlite');
  const headsFile = join(data, 'ledger-heads.jsonl');
  const copies = { clean: join(data, 'clean.sqlite'), yesterday: join(data, 'yesterday.sqlite') };
  const keys = await openKeys(join(data, 'keys'));
  {
    await using store = await openStore(file);
    const heads = new LedgerHeads({ store, path: headsFile, key: keys.signing, log: silentLog });
    await fill(store, heads, { from: 0, to: yesterdayRows });
    await copyOf(file, copies.yesterday);
    await fill(store, heads, { from: yesterdayRows, to: rowCount });
  }
  await copyOf(file, copies.clean);
  const key = createPublicKey(await readFile(publicKeyFile(join(data, 'keys')), 'utf8'));
  const reader = opened.use(await openStoreToRead(file));
  const db = new DatabaseSync(file);
  opened.defer(() => db.close());
  db.exec(`ATTACH '${copies.clean}' AS clean; ATTACH '${copies.yesterday}' AS yesterday`);
  const left = opened.move();
  return {
    ...{ data, db, keys, headsFile, rows: () => rowsOf(db) },
    /** What the command prints. */
    verify: async () => verdictLines(await verifyWithHeads(reader.db, headsFile, key), headsFile),
    /** The command itself, on files that it opens. */
    command: () => commandLines(data),
    /** The rows and the counter of that copy in the place of those that are there. */
    restore: (from: 'clean' | 'yesterday' = 'clean') => restored(db, from),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

export type TouchedLedger = Awaited<ReturnType<typeof openTouchedLedger>>;

async function copyOf(file: string, copy: string): Promise<void> {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  await copyFile(file, copy);
}

function restored(db: DatabaseSync, from: 'clean' | 'yesterday'): void {
  db.exec(`BEGIN; DELETE FROM main.ledger; INSERT INTO main.ledger SELECT * FROM ${from}.ledger;
    DELETE FROM main.settings; INSERT INTO main.settings SELECT * FROM ${from}.settings;
    UPDATE main.sqlite_sequence SET seq = (SELECT seq FROM ${from}.sqlite_sequence WHERE name = 'ledger')
      WHERE name = 'ledger'; COMMIT`);
}

function rowsOf(db: DatabaseSync): LedgerRow[] {
  return db.prepare('SELECT * FROM main.ledger ORDER BY id').all() as unknown as LedgerRow[];
}

async function commandLines(dataDir: string): Promise<string[]> {
  const lines: string[] = [];
  const context: CommandContext = {
    ...{ configDir: dataDir, dataDir, port: undefined, host: undefined, words: [], options: {}, lists: {}, flags: {} },
    ...{ environment: {}, print: (line) => lines.push(line), signal: new AbortController().signal },
  };
  const code = await ledgerVerify(context);
  return [`exit ${code}`, ...lines];
}

const columns = 'id, at, actor, role, action, object, result, details, previous_hash, hash, address';

/** Writes the row as it is given, over whatever has its id. */
export function put(db: DatabaseSync, row: LedgerRow): void {
  const { id, at, actor, role, action, object, result, details, previous_hash, hash, address } = row;
  const sql = `INSERT OR REPLACE INTO main.ledger (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  db.prepare(sql).run(id, at, actor, role, action, object, result, details, previous_hash, hash, address);
}

/** With the hash that its fields ask for. */
export function sealed(row: LedgerRow): LedgerRow {
  return { ...row, hash: ledgerHash(row) };
}
