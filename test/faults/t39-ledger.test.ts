import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passingKeys } from '../../src/access/keys/installation-keys.ts';
import { firstPrevious, headLine, lineHash, parseHead } from '../../src/access/ledger/ledger-head.ts';
import type { LedgerRow } from '../../src/store/ledger-repository.ts';
import { runCommand } from '../helpers/program.ts';
import { type Dice, diceOf } from './ledger/dice.ts';
import {
  openTouchedLedger,
  put,
  rowCount,
  sealed,
  signedEvery,
  type TouchedLedger,
  yesterdayRows,
} from './ledger/touched-ledger.ts';

let ledger: TouchedLedger;
let clean: readonly LedgerRow[];
let headLines: readonly string[];
beforeAll(async () => {
  ledger = await openTouchedLedger();
  clean = ledger.rows();
  headLines = (await readFile(ledger.headsFile, 'utf8')).trim().split('\n');
}, 120_000);
afterAll(() => ledger?.[Symbol.asyncDispose]());

const row = (id: number): LedgerRow => clean[id - 1] as LedgerRow;
const signed = () => headLines.map((line) => parseHead(line)?.id ?? 0);
const figures: Record<string, string> = {};
afterAll(() => console.log(`T39, a ledger of ${rowCount} rows, ${headLines?.length} signed heads:`, figures));

/** What was done to it, and what its verdict has to begin with. */
type Touch = (db: DatabaseSync, dice: Dice) => RegExp;

/** Again and again, every so often by the command itself; answers what was missed or named wrongly. */
async function touched(name: string, times: number, touch: Touch): Promise<string[]> {
  const dice = diceOf(39);
  const wrong: string[] = [];
  for (let n = 0; n < times; n += 1) {
    const expected = touch(ledger.db, dice);
    const isByCommand = n % 50 === 0;
    const lines = isByCommand ? await ledger.command() : ['exit 2', ...(await ledger.verify())];
    if (lines[0] !== 'exit 2' || !expected.test(lines[1] ?? '')) wrong.push(`${n}: ${lines}, not ${expected}`);
    ledger.restore();
  }
  figures[name] = `${times} times, ${wrong.length} missed or named wrongly`;
  return wrong;
}

const columns = ['at', 'actor', 'role', 'action', 'object', 'result', 'details', 'previous_hash', 'hash', 'address'];

/** One bit of one byte of that value; what was nothing becomes a letter. */
function flipped(db: DatabaseSync, { id, column }: { id: number; column: string }, dice: Dice): void {
  const found = db.prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM main.ledger WHERE id = ?`).get(id);
  const bytes = Buffer.from((found?.bytes as Uint8Array | null) ?? []);
  if (bytes.length === 0) bytes.fill(0);
  const changed = bytes.length === 0 ? Buffer.from('x') : bytes;
  const at = dice.roll(changed.length);
  if (bytes.length > 0) changed[at] = (changed[at] ?? 0) ^ (1 << dice.roll(8));
  db.prepare(`UPDATE main.ledger SET ${column} = CAST(? AS TEXT) WHERE id = ?`).run(changed, id);
}

/** A bit that no other row's id is in the way of. */
function flippedId(db: DatabaseSync, id: number, dice: Dice): void {
  db.prepare('UPDATE main.ledger SET id = ? WHERE id = ?').run(id + 2 ** (12 + dice.roll(30)), id);
}

test('an untouched ledger is intact, and nothing of it is unsigned', async () => {
  const lines = await ledger.command();
  expect(lines).toEqual([
    'exit 0',
    `intact: ${rowCount} rows, ${headLines.length} signed heads in ${ledger.headsFile}`,
    `head ${row(rowCount).hash}`,
  ]);
});

test('one bit of any column of any row: the row is named', async () => {
  const wrong = await touched('a bit flipped', 2_000, (db, dice) => {
    const id = 1 + dice.roll(rowCount);
    const column = dice.of(['id', ...columns]);
    if (column === 'id') flippedId(db, id, dice);
    else flipped(db, { id, column }, dice);
    return new RegExp(`^row ${id}: `);
  });
  expect(wrong).toEqual([]);
}, 1_200_000);

test('a row taken out, as it is or with all after it moved up: the row is named', async () => {
  const wrong = await touched('a middle row deleted', 300, (db, dice) => {
    const id = 1 + dice.roll(rowCount - signedEvery);
    db.prepare('DELETE FROM main.ledger WHERE id = ?').run(id);
    if (dice.roll(2) === 0) moved(db, id + 1, -1);
    return new RegExp(`^row ${id}: it is gone`);
  });
  expect(wrong).toEqual([]);
}, 600_000);

/** All rows from that id on. */
function moved(db: DatabaseSync, from: number, by: number): void {
  db.exec(`UPDATE main.ledger SET id = -id WHERE id >= ${from}; UPDATE main.ledger SET id = -id + ${by} WHERE id < 0;
    UPDATE main.sqlite_sequence SET seq = seq + ${by} WHERE name = 'ledger'`);
}

test('two rows swapped: the first of them is named', async () => {
  const wrong = await touched('two rows swapped', 300, (db, dice) => {
    const first = 1 + dice.roll(rowCount - 1);
    const second = dice.roll(3) === 0 ? first + 1 : first + 1 + dice.roll(rowCount - first);
    put(db, { ...row(first), id: second });
    put(db, { ...row(second), id: first });
    return new RegExp(`^row ${first}: `);
  });
  expect(wrong).toEqual([]);
}, 600_000);

test('a forged row: put in between, over another one, with a hash that fits or without: the row is named', async () => {
  const wrong = await touched('a row forged', 300, (db, dice) => {
    const id = 2 + dice.roll(rowCount - signedEvery);
    const forged = { ...row(id), actor: 'nobody', result: 'ok', previous_hash: row(id - 1).hash };
    const kind = dice.of(['between', 'over', 'over, hash as it was'] as const);
    if (kind === 'between') moved(db, id, 1);
    put(db, kind === 'over, hash as it was' ? forged : sealed(forged));
    return new RegExp(`^row ${id}: `);
  });
  expect(wrong).toEqual([]);
}, 600_000);

test('a chain made anew from some row on: the next signed row is named, and since when nothing is known', async () => {
  const wrong = await touched('a chain made anew', 100, (db, dice) => {
    const from = 1 + dice.roll(rowCount);
    rechained(db, { ...row(from), actor: 'nobody' });
    const mark = signed().find((id) => id >= from);
    const since = (signed().findLast((id) => id < from) ?? 0) + 1;
    return new RegExp(`^row ${mark}: it is another row .* from row ${since} on`);
  });
  expect(wrong).toEqual([]);
}, 600_000);

/** The row, and all after it with the hashes that follow. */
function rechained(db: DatabaseSync, first: LedgerRow): void {
  db.exec('BEGIN');
  let last = sealed(first);
  put(db, last);
  for (let id = first.id + 1; id <= rowCount; id += 1) {
    last = sealed({ ...row(id), previous_hash: last.hash });
    put(db, last);
  }
  db.exec('COMMIT');
}

test('the tail cut off, the last ten rows or any number, the counter put back or not: the first that is gone is named', async () => {
  const wrong = await touched('the tail cut off', 200, (db, dice) => {
    const kept = dice.roll(4) === 0 ? rowCount - 10 : dice.roll(rowCount);
    db.prepare('DELETE FROM main.ledger WHERE id > ?').run(kept);
    if (dice.roll(2) === 0) db.prepare("UPDATE main.sqlite_sequence SET seq = ? WHERE name = 'ledger'").run(kept);
    return new RegExp(`^row ${kept + 1}: it and all after it are gone`);
  });
  expect(wrong).toEqual([]);
}, 600_000);

test("yesterday's database in the place of today's, left alone or gone on with: the first signed row that is not there", async () => {
  const wrong = await touched("yesterday's copy", 100, (db, dice) => {
    ledger.restore('yesterday');
    if (dice.roll(2) === 0) return new RegExp(`^row ${yesterdayRows + 1}: it and all after it are gone`);
    const more = signedEvery + dice.roll(rowCount - yesterdayRows);
    db.exec('BEGIN');
    let last = row(yesterdayRows);
    for (let n = 1; n <= more; n += 1) {
      last = sealed({ ...row(yesterdayRows), id: yesterdayRows + n, actor: `other ${n}`, previous_hash: last.hash });
      put(db, last);
    }
    db.exec('COMMIT');
    return new RegExp(`^row ${yesterdayRows - (yesterdayRows % signedEvery) + signedEvery}: it is another row`);
  });
  expect(wrong).toEqual([]);
}, 600_000);

/** What was done to the file of heads, and what its verdict has to begin with. */
async function touchedHeads(
  name: string,
  times: number,
  edit: (dice: Dice) => { text: string | Buffer; expected: RegExp },
) {
  const dice = diceOf(40);
  const wrong: string[] = [];
  for (let n = 0; n < times; n += 1) {
    const { text, expected } = edit(dice);
    await writeFile(ledger.headsFile, text);
    const [line = ''] = await ledger.verify();
    if (!expected.test(line)) wrong.push(`${n}: ${line}, not ${expected}`);
  }
  await writeFile(ledger.headsFile, textOf(headLines));
  figures[name] = `${times} times, ${wrong.length} missed or named wrongly`;
  return wrong;
}

const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const atLine = (line: number) => new RegExp(`ledger-heads\\.jsonl:${line}\\b`);

test('one bit of the file of heads: its line is named', async () => {
  const whole = Buffer.from(textOf(headLines));
  const wrong = await touchedHeads('a bit of the heads flipped', 1_000, (dice) => {
    const at = dice.roll(whole.length);
    const text = Buffer.from(whole);
    text[at] = (text[at] ?? 0) ^ (1 << dice.roll(8));
    const line = whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    return { text, expected: atLine(line) };
  });
  expect(wrong).toEqual([]);
}, 900_000);

test('the file of heads cut off anywhere, or gone: what it lacks is named', async () => {
  const whole = textOf(headLines);
  const wrong = await touchedHeads('the heads cut off', 300, (dice) => {
    const text = whole.slice(0, dice.roll(whole.length));
    const full = text.split('\n').length - 1;
    const isWhole = text === '' || text.endsWith('\n');
    return {
      text,
      expected: isWhole ? new RegExp(`^row ${rowCount}: its head was signed and is not`) : atLine(full + 1),
    };
  });
  await rm(ledger.headsFile);
  expect((await ledger.command()).slice(0, 2)).toEqual([
    'exit 2',
    `row ${rowCount}: its head was signed and is not in the file of heads any more (is that another one? --heads FILE)`,
  ]);
  await writeFile(ledger.headsFile, whole);
  expect(wrong).toEqual([]);
}, 600_000);

test('heads taken out, swapped, doubled or signed by another key: the first line that is wrong is named', async () => {
  const stranger = passingKeys().signing;
  const wrong = await touchedHeads('heads edited', 300, (dice) => {
    const at = dice.roll(headLines.length - 1);
    const [before, after] = [headLines.slice(0, at), headLines.slice(at + 2)];
    const [line = '', next = ''] = headLines.slice(at);
    const edits = {
      out: { lines: [...before, next, ...after], wrong: at + 1 },
      swapped: { lines: [...before, next, line, ...after], wrong: at + 1 },
      doubled: { lines: [...before, line, line, next, ...after], wrong: at + 2 },
      signed: { lines: [...before, signedBy(stranger, line), next, ...after], wrong: at + 1 },
      'all signed': { lines: allSignedBy(stranger), wrong: 1 },
    };
    const { lines, wrong } = edits[dice.of(Object.keys(edits) as (keyof typeof edits)[])];
    return { text: textOf(lines), expected: atLine(wrong) };
  });
  expect(wrong).toEqual([]);
}, 600_000);

type SigningKey = ReturnType<typeof passingKeys>['signing'];

function signedBy(key: SigningKey, line: string, previous?: string): string {
  const head = parseHead(line);
  if (!head) throw new Error(`no head: ${line}`);
  return headLine({ ...head, ...(previous !== undefined && { previous }) }, key);
}

/** A whole file that holds together, of a key of somebody's own. */
function allSignedBy(key: SigningKey): string[] {
  let previous = firstPrevious;
  return headLines.map((line) => {
    const signed = signedBy(key, line, previous);
    previous = lineHash(signed);
    return signed;
  });
}

test('each kind by the program itself, offline: its exit code and the row', async () => {
  const renamed = (from: number, to: number) => `UPDATE main.ledger SET id = ${to} WHERE id = ${from}`;
  const last = (id: number) => `DELETE FROM main.ledger WHERE id > ${id}`;
  const kinds: [string, string, string][] = [
    ['a bit', "UPDATE main.ledger SET actor = 'nobody' WHERE id = 1234", 'row 1234: '],
    ['the last ten', last(rowCount - 10), `row ${rowCount - 9}: `],
    ['a middle row', 'DELETE FROM main.ledger WHERE id = 777', 'row 777: '],
    ['two swapped', [renamed(5, -5), renamed(9, 5), renamed(-5, 9)].join(';'), 'row 5: '],
  ];
  const told: Record<string, string> = {};
  for (const [name, statement, expected] of kinds) {
    ledger.db.exec(statement);
    const { code, lines } = await runCommand(['ledger', 'verify', '--data', ledger.data]);
    told[name] = lines[0] ?? '';
    expect([code, lines[0]?.startsWith(expected)], `${name}: ${lines}`).toEqual([2, true]);
    ledger.restore();
  }
  const key = join(ledger.data, 'stranger.pub');
  await writeFile(key, passingKeys().verifying.export({ type: 'spki', format: 'pem' }));
  const { code, lines } = await runCommand(['ledger', 'verify', '--data', ledger.data, '--key', key]);
  told['another key'] = lines[0] ?? '';
  expect([code, lines[0]]).toEqual([2, expect.stringContaining('ledger-heads.jsonl:1)')]);
  console.log('T39, as the program says it:', told);
}, 120_000);
