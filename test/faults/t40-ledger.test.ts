import { expect, test } from 'vitest';
import type { LedgerRow } from '../../src/store/ledger-repository.ts';
import { failingLedger } from '../helpers/failing-ledger.ts';
import { runCommand } from '../helpers/program.ts';
import { diceOf } from './ledger/dice.ts';
import { type Done, type ExpectedRow, type ScriptedAction, shiftScript } from './ledger/shift-script.ts';
import { openShift, type Shift } from './ledger/shift-site.ts';

const actionCount = 200;
/** Of a hundred rows so many fail while an action is done. */
const moods = [0, 0, 20, 50, 80, 100] as const;

interface Played extends Done {
  readonly action: ScriptedAction;
  readonly percent: number;
}

/** Each on its own ledger: one that works, one that fails now and then, one that does not work at all. */
async function play(shift: Shift, script: readonly ScriptedAction[]): Promise<Played[]> {
  const dice = diceOf(40);
  const ledger = await failingLedger(shift.app.access.store);
  const played: Played[] = [];
  for (let n = 0; n < actionCount; ) {
    const action = dice.of(script);
    const percent = dice.of(moods);
    // Ten wrong logins a minute are all that are looked at.
    await shift.app.access.store.db.deleteFrom('login_tries').execute();
    await ledger.fail(percent);
    const done = await action.run(n).catch((cause) => {
      throw new Error(`${n} ${action.name}, ${percent} of 100 rows failing`, { cause });
    });
    if (done.status === 0) continue;
    played.push({ ...done, action, percent });
    n += 1;
  }
  await ledger.fail(0);
  return played;
}

const wordOf = ({ actor, action, result, object }: Pick<ExpectedRow, 'actor' | 'action' | 'result' | 'object'>) =>
  `${actor} ${action} ${result}${object === undefined ? '' : ` ${object}`}`;

/** What people did since then; what the house does by itself it does by the way. */
async function rowsSince({ app }: Shift, id: number): Promise<LedgerRow[]> {
  const rows = await app.access.store.db.selectFrom('ledger').selectAll().where('id', '>', id).orderBy('id').execute();
  return rows.filter(({ actor, action }) => actor !== 'system' || action === 'login');
}

/** By the same words that were expected of it: without an object where none was named. */
function told(rows: readonly LedgerRow[], expected: readonly ExpectedRow[]): string[] {
  const bare = new Set(expected.filter(({ object }) => object === undefined).map(({ action }) => action));
  return rows.map((row) => {
    const object = bare.has(row.action) || row.object === null ? undefined : row.object;
    return wordOf({ ...row, object, result: row.result as ExpectedRow['result'] });
  });
}

/** A download that could not be sealed after it had begun is one row that says so. */
const isUnsealed = ({ action, details }: LedgerRow) =>
  action === 'evidence.export' && !!details?.includes('not sealed');

test('T40: 200 actions of a shift, rows failing at random: one row each that says how it ended, none of what was refused', {
  timeout: 900_000,
}, async () => {
  await using shift = await openShift();
  const { db } = shift.app.access.store;
  const { items } = await shift.callers.admin.get<{ items: { id: string; name: string }[] }>('/accounts');
  const trainee = items.find(({ name }) => name === 'trainee')?.id ?? '';
  await shift.callers.seat.post('/incidents', {
    source: 'hotline',
    kind: 'flood',
    title: 'first',
    position: { lat: 27.3, lon: 105.29 },
  });
  const before = (await db.selectFrom('ledger').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id;
  const turned = shift.onvif.ptzCommands.length;

  const played = await play(shift, shiftScript(shift, trainee));
  const expected = played.flatMap(({ rows }) => rows);
  const rows = async () => (await rowsSince(shift, before)).filter((row) => !isUnsealed(row));
  await expect.poll(async () => (await rows()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(expected.length);
  const found = await rows();
  expect(told(found, expected).toSorted()).toEqual(expected.map(wordOf).toSorted());

  refusals(played);
  expect(shift.onvif.ptzCommands.length - turned).toBe(
    2 * played.filter(({ action, status }) => action.name === 'PTZ' && status === 204).length,
  );
  honest(await rowsSince(shift, before), expected);
  figures(played, expected, (await rowsSince(shift, before)).filter(isUnsealed).length);
  await shift.end();
  const verdict = await runCommand(['ledger', 'verify', '--data', shift.data]);
  console.log(`T40: ${verdict.lines[0]?.split(',')[0]}`);
  expect(verdict.code).toBe(0);
});

/** Nothing that must be told of was done while nothing could be. */
function refusals(played: readonly Played[]): void {
  const through = played.filter(({ action, percent, status }) => action.refuses && percent === 100 && status < 400);
  expect(through.map(({ action, status }) => `${action.name} ${status}`)).toEqual([]);
  // What the script asks for is right, but for what it asks for to be refused.
  const odd = played.filter(({ rows, status }) => rows.length === 0 && status !== 500);
  expect(odd.map(({ action, status }) => `${action.name} ${status}`)).toEqual([]);
  const broken = played.filter(({ percent, status }) => percent === 0 && status >= 500);
  expect(broken.map(({ action, status }) => `${action.name} ${status}`)).toEqual([]);
}

/** Who as what, when, from where; why, where somebody said so; and no line of somebody's own. */
function honest(rows: readonly LedgerRow[], expected: readonly ExpectedRow[]): void {
  for (const row of rows) {
    expect(row).toMatchObject({ address: '127.0.0.1', role: expect.stringMatching(/^[a-z]+$/) });
    expect(Number.isNaN(Date.parse(row.at))).toBe(false);
  }
  const unseen = rows.filter((row) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(Object.values(row).join('')));
  expect(unseen).toEqual([]);
  const whys = expected.flatMap(({ why }) => why ?? []);
  expect(whys.filter((why) => !rows.some(({ details }) => details?.includes(why)))).toEqual([]);
  expect(whys.length).toBeGreaterThan(5);
}

function figures(played: readonly Played[], expected: readonly ExpectedRow[], unsealed: number): void {
  const names = [...new Set(played.map(({ action }) => action.name))].toSorted();
  const counts = names.map((name) => {
    const those = played.filter(({ action }) => action.name === name);
    return [name, `${those.length}, ${those.filter(({ status }) => status >= 500).length} refused`];
  });
  console.log(
    `T40: ${played.length} actions, ${expected.length} rows, ${unsealed} packages not sealed:`,
    Object.fromEntries(counts),
  );
  expect(played.length).toBe(actionCount);
  expect(played.filter(({ status }) => status >= 500).length).toBeGreaterThan(20);
}
