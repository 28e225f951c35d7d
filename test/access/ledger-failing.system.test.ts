import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../helpers/caller.ts';
import { type FailingLedger, failingLedger } from '../helpers/failing-ledger.ts';
import { openTwoAreas, type TwoAreas } from './two-areas.ts';

let site: TwoAreas;
let ledger: FailingLedger;
beforeAll(async () => {
  site = await openTwoAreas();
  ledger = await failingLedger(site.app.access.store);
});
afterAll(() => site?.[Symbol.asyncDispose]());

const db = () => site.app.access.store.db;
const breakLedger = (isBroken: boolean) => ledger.fail(isBroken ? 100 : 0);

async function rowsAfter(id: number) {
  return await db().selectFrom('ledger').selectAll().where('id', '>', id).orderBy('id').execute();
}

async function lastId(): Promise<number> {
  return (await db().selectFrom('ledger').select('id').orderBy('id', 'desc').executeTakeFirst())?.id ?? 0;
}

interface Action {
  readonly name: string;
  readonly run: (n: number) => Promise<Response>;
  /** Its answer when the row was written. */
  readonly status: number;
  readonly row: { readonly action: string; readonly actor?: string; readonly result?: string };
}

/** What people do in a shift, each with the one row it must leave. */
function actions(admin: Caller, seat: Caller, account: string): Action[] {
  const { west } = site;
  const post = (caller: Caller, path: string, body = {}) => caller.send('POST', `/api/v1${path}`, body);
  const says = (n: number) => (n % 2 === 0 ? 'west' : 'east');
  let isTaken = false;
  const toggle = async () => {
    const response = await post(seat, `/alerts/${west.alert}/${isTaken ? 'release' : 'acknowledge'}`);
    if (response.ok) isTaken = !isTaken;
    return response;
  };
  const report = (n: number) => ({ source: 'hotline', kind: 'flood', title: `report ${n}`, area: 'west' });
  const token = (n: number) => ({ name: `bot${n}`, role: 'viewer', areas: [] });
  const wrong = { username: 'boss', password: 'not\r\nthe\u001b[31mpassword' };
  return [
    {
      ...{ name: 'role change', status: 200, row: { action: 'account.change', actor: 'boss' } },
      run: (n) => admin.send('PATCH', `/api/v1/accounts/${account}`, { areas: [says(n)] }),
    },
    {
      ...{ name: 'ticket', status: 200, row: { action: 'ticket.issue', actor: 'seat-west' } },
      run: () => post(seat, `/cameras/${west.camera}/ticket`),
    },
    {
      ...{ name: 'PTZ', status: 409, row: { action: 'camera.ptz', actor: 'seat-west', result: 'failed' } },
      run: () => post(seat, `/cameras/${west.camera}/ptz`, { stop: true }),
    },
    { ...{ name: 'alert', status: 200, row: { action: 'alert.', actor: 'seat-west' } }, run: toggle },
    {
      ...{ name: 'incident', status: 201, row: { action: 'incident.open', actor: 'seat-west' } },
      run: (n) => post(seat, '/incidents', report(n)),
    },
    {
      ...{ name: 'failed login', status: 401, row: { action: 'login', result: 'failed' } },
      run: () => post(admin, '/auth/login', wrong),
    },
    {
      ...{ name: 'ledger read', status: 200, row: { action: 'ledger.read', actor: 'boss' } },
      run: () => admin.fetch('/api/v1/ledger?limit=1'),
    },
    {
      ...{ name: 'token', status: 201, row: { action: 'token.add', actor: 'boss' } },
      run: (n) => post(admin, `/accounts/${account}/tokens`, token(n)),
    },
  ];
}

/** The same numbers each time: 0 to 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** What was not as it must be, of one action. */
async function judged(action: Action, n: number, isBroken: boolean): Promise<string[]> {
  const before = await lastId();
  await breakLedger(isBroken);
  const response = await action.run(n);
  await response.body?.cancel();
  await breakLedger(false);
  const mine = (await rowsAfter(before)).filter(({ action: what }) => what.startsWith(action.row.action));
  const { actor = 'system', result = 'ok' } = action.row;
  const partial = mine.filter((row) => row.actor !== actor || row.result !== result || row.address !== '127.0.0.1');
  const seen = [response.status, mine.length, partial.length];
  const expected = isBroken ? [500, 0, 0] : [action.status, 1, 0];
  return seen.join() === expected.join() ? [] : [`${n} ${action.name}: ${seen}, not ${expected}`];
}

test('200 actions, the ledger failing at random: one row each with who, what, when, where; none without it', async () => {
  const seat = site.callers.get('seat') as Caller;
  const { items } = await site.admin.get<{ items: { id: string; name: string }[] }>('/accounts');
  const account = items.find(({ name }) => name === 'viewer-west')?.id ?? '';
  const all = actions(site.admin, seat, account);
  const roll = dice(40);
  const wrong: string[] = [];
  let refused = 0;
  for (let n = 0; n < 200; n += 1) {
    const action = all[Math.floor(roll() * all.length)] as Action;
    const isBroken = roll() < 0.3;
    refused += isBroken ? 1 : 0;
    // Ten wrong logins a minute are all that are looked at.
    await db().deleteFrom('login_tries').execute();
    wrong.push(...(await judged(action, n, isBroken)));
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(40);
  expect(await site.admin.get('/ledger/verify')).toMatchObject({ intact: true });
}, 120_000);

test('no name that somebody typed makes a line of its own in the ledger', async () => {
  await db().deleteFrom('login_tries').execute();
  const username = 'eve\r\n2026-11-26 boss login ok\u001b[2K\u2028';
  await site.admin.send('POST', '/api/v1/auth/login', { username, password: 'x' });
  await site.admin.fetch(`/api/v1/ledger?actor=${encodeURIComponent(username)}`);
  const rows = await rowsAfter(0);
  const forged = rows.filter(({ actor, action, object, details }) =>
    /[\p{Cc}\p{Zl}\p{Zp}]/u.test([actor, action, object, details?.replaceAll(/\\[rn]|\\u[0-9a-f]{4}/g, '')].join('')),
  );
  expect(forged).toEqual([]);
  expect(rows.some(({ object }) => object?.includes('eve\\u{d}\\u{a}'))).toBe(true);
});

test('what cannot be told is not done: the right is as it was, the camera was not asked', async () => {
  const { items } = await site.admin.get<{ items: { id: string; name: string; role: string }[] }>('/accounts');
  const patrol = items.find(({ name }) => name === 'patrol-west');
  await breakLedger(true);
  const edit = await site.admin.send('PATCH', `/api/v1/accounts/${patrol?.id}`, { role: 'engineer' });
  await breakLedger(false);
  const { code } = (await edit.json()) as { code: string };
  expect([edit.status, code]).toEqual([500, 'STORE_FAILED']);
  const after = await site.admin.get<{ items: { name: string; role: string }[] }>('/accounts');
  expect(after.items.find(({ name }) => name === 'patrol-west')?.role).toBe('patrol');
});
