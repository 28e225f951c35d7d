import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '../../src/shared/actor.ts';
import { changedTables, dumpDatabase, newRows } from '../access/database-dump.ts';
import { bentTokens, type Forgery, foreignTokens, type Genuine, misplaced } from '../access/forged-credentials.ts';
import { bodyOf, filled, nameOf, withSpan } from '../access/route-requests.ts';
import { greyPicture, openTwoAreas, type TwoAreas } from '../access/two-areas.ts';
import { goodPassword } from '../helpers/access-house.ts';
import { Caller, logIn } from '../helpers/caller.ts';

let site: TwoAreas;
let genuine: Genuine;
let picture: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  site = await openTwoAreas();
  picture = new Uint8Array(await greyPicture());
  const { id } = await site.admin.get<{ id: string }>('/auth/me');
  const wanted = { name: 'machine', role: 'seat', areas: 'all' };
  const { token: apiToken } = await site.admin.post<{ token: string }>(`/accounts/${id}/tokens`, wanted);
  const { ticket } = await site.admin.post<{ ticket: string }>(`/cameras/${site.west.camera}/ticket`);
  const publicKey = await readFile(join(site.data, 'keys/ledger.pub'), 'utf8');
  genuine = { session: site.admin.token ?? '', apiToken, ticket, publicKey };
});
afterAll(() => site?.[Symbol.asyncDispose]());

/** Seventeen at once, as many as somebody with a script has. */
async function each<T>(things: readonly T[], work: (thing: T, index: number) => Promise<void>): Promise<void> {
  const left = things.entries();
  const lane = async () => {
    for (const [index, thing] of left) await work(thing, index);
  };
  await Promise.all(Array.from({ length: 17 }, lane));
}

/** Reads the wall's own account, or writes what an admin may. */
async function show({ headers, query }: Forgery, index: number): Promise<number> {
  const writes = index % 2 === 1;
  const path = `/api/v1/${writes ? 'accounts' : 'auth/me'}${query ? `?${query}` : ''}`;
  const account = { name: `forged${index}`, role: 'admin', areas: 'all', password: goodPassword };
  const json = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  const init = writes
    ? { method: 'POST', body: JSON.stringify(account), headers: { ...json, ...headers } }
    : { headers };
  const response = await fetch(`${site.url}${path}`, { ...init, signal: AbortSignal.timeout(30_000) });
  await response.body?.cancel();
  return response.status;
}

/** What is written of those who were turned away. */
const turnedAway = ['ledger', 'login_tries', 'sqlite_sequence'];
/** What deadlines move by themselves while so many ask; how many there are they do not change, but for what is told of them. */
const onTime = ['alerts', 'events', 'incidents', 'incident_bodies', 'unit_messages'];

function expectUnchanged(before: ReadonlyMap<string, string>): void {
  const after = dumpDatabase(site.data);
  const changed = changedTables(before, after).filter((table) => !turnedAway.includes(table));
  expect(changed.filter((table) => !onTime.includes(table))).toEqual([]);
  const count = (dump: ReadonlyMap<string, string>, table: string) => JSON.parse(dump.get(table) ?? '[]').length;
  for (const table of onTime.filter((one) => one !== 'events'))
    expect([table, count(after, table)]).toEqual([table, count(before, table)]);
  // Whoever does something has a row of it.
  const done = newRows(before, after).filter(({ result, actor }) => result === 'ok' && actor !== systemActor.name);
  expect(done).toEqual([]);
}

test('thousands of forged sessions, API tokens, tickets and JWTs: 401 each, and nothing is changed', async () => {
  const forgeries = [
    ...bentTokens(genuine.session, 40),
    ...bentTokens(genuine.apiToken, 20),
    ...misplaced(genuine),
    ...foreignTokens(genuine),
  ];
  const before = dumpDatabase(site.data);
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  await each(forgeries, async (forgery, index) => {
    const status = await show(forgery, index);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status !== 401) wrong.push(`${forgery.name}: ${status}`);
  });
  const kinds = new Set(forgeries.map(({ name }) => name.replace(/\d+/, 'n'))).size;
  console.log(
    `T34: ${forgeries.length} forgeries of ${kinds} kinds: ${[...statuses].map(([s, n]) => `${n} times ${s}`).join(', ')}`,
  );
  expect(wrong).toEqual([]);
  expect(forgeries.length).toBeGreaterThan(5_000);
  expectUnchanged(before);
  for (const token of [genuine.session, genuine.apiToken])
    expect((await new Caller(site.url, token).fetch('/api/v1/auth/me')).status).toBe(200);
});

test('every route refuses one forgery of each kind', async () => {
  const all = [...misplaced(genuine), ...foreignTokens(genuine)];
  const [bent] = bentTokens(genuine.session, 1);
  const one = new Map(all.map((forgery) => [forgery.name.replace(/,.*/, ''), forgery]));
  // As a ticket it is asked of streams below, and there it is none.
  const shown = [...one.values(), ...(bent ? [bent] : [])].filter(({ query = '' }) => !query.startsWith('ticket='));
  const routes = site.routes.filter(({ access, method }) => access !== 'public' && method !== 'OPTIONS');
  const before = dumpDatabase(site.data);
  const wrong: string[] = [];
  const asks = routes.flatMap((route) => shown.map((forgery) => ({ route, forgery })));
  await each(asks, async ({ route, forgery }) => {
    const { headers, query } = forgery;
    const path = withSpan(filled(route, site.west));
    const init = { method: route.method, ...bodyOf(route, picture), redirect: 'manual' } as const;
    const url = `${site.url}${path}${query ? `${path.includes('?') ? '&' : '?'}${query}` : ''}`;
    const source = { 'sec-fetch-site': 'same-origin' };
    const response = await fetch(url, { ...init, headers: { ...source, ...init.headers, ...headers } });
    await response.body?.cancel();
    if (response.status !== 401) wrong.push(`${nameOf(route)} by ${forgery.name}: ${response.status}`);
  });
  console.log(`T34: ${asks.length} requests, ${shown.length} kinds on ${routes.length} routes: ${wrong.length} let in`);
  expect(wrong).toEqual([]);
  expect(routes.length).toBeGreaterThan(70);
  expectUnchanged(before);
});

test('a stream opens by its own ticket only: once, within 30 s, for one camera and one account', async () => {
  const { camera } = site.west;
  const give = async () => (await site.admin.post<{ ticket: string }>(`/cameras/${camera}/ticket`)).ticket;
  const open = async (ticket: string, id = camera, headers = {}) => {
    const response = await fetch(`${site.url}/streams/${id}.flv?ticket=${encodeURIComponent(ticket)}`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const [late, spent, other, shown] = await Promise.all([give(), give(), give(), give()]);
  const givenAt = performance.now();
  expect([await open(spent), await open(spent)]).toEqual([200, 401]);
  expect([await open(other, 'canary-east-camera'), await open(other)]).toEqual([401, 401]);
  const seat = site.callers.get('seat');
  expect([await open(shown, camera, seat?.headers), await open(shown)]).toEqual([401, 401]);
  const bent = bentTokens(await give(), 20).map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '');
  const statuses = new Set<number>();
  await each([...bent, genuine.session, genuine.apiToken, '', "' OR 1=1", 'A'.repeat(256)], async (ticket) => {
    statuses.add(await open(ticket));
  });
  console.log(`T34: ${bent.length} bent tickets: ${[...statuses].join(', ')}`);
  expect([...statuses]).toEqual([401]);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 30_050 - (performance.now() - givenAt))));
  expect(await open(late)).toBe(401);
});

/** Another process, as somebody with the file has it. */
function write(sql: string, ...values: (string | number)[]): void {
  using database = new DatabaseSync(join(site.data, 'operations.sqlite'));
  database.exec('PRAGMA busy_timeout = 5000');
  database.prepare(sql).run(...values);
}

const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

interface Ended {
  readonly id: string;
  readonly caller: Caller;
  readonly hash: string;
}

const json = { 'content-type': 'application/json' };
const change = (field: string, time: number) => (one: Ended) =>
  write(`UPDATE sessions SET ${field} = ? WHERE token_hash = ?`, hours(time), one.hash);
const edit =
  (body: object) =>
  async (one: Ended): Promise<void> => {
    const init = { method: 'PATCH', headers: json, body: JSON.stringify(body) };
    expect((await site.admin.fetch(`/api/v1/accounts/${one.id}`, init)).status).toBe(200);
  };

/** What ends a session. */
const endings: readonly (readonly [string, (one: Ended) => unknown])[] = [
  ['logged out', async ({ caller }) => expect((await caller.send('POST', '/api/v1/auth/logout')).status).toBe(204)],
  ['expired', change('expires_at', -1)],
  ['older than its role allows', change('created_at', -13)],
  ['idle', change('last_seen_at', -3)],
  ['of another password now', edit({ password: 'another-good-one-28' })],
  ['of another role now', edit({ role: 'viewer' })],
  ['of other areas now', edit({ areas: ['west'] })],
  [
    'disabled',
    async ({ id }) =>
      expect((await site.admin.send('POST', `/api/v1/accounts/${id}/disable`)).status).toBeLessThan(300),
  ],
];

test.each(endings)(
  'what is %s is shown again a hundred times: 401, and nothing brings it back',
  async (name, endIt) => {
    const one = await newSeat(`replay-${name.replaceAll(' ', '-').slice(0, 20)}`);
    const { ticket } = await one.caller.post<{ ticket: string }>(`/cameras/${site.west.camera}/ticket`);
    await endIt(one);
    const statuses = new Set<number>();
    await each(Array.from({ length: 100 }), async () => {
      statuses.add((await one.caller.fetch('/api/v1/auth/me')).status);
    });
    expect([...statuses]).toEqual([401]);
    // What a session gave out goes with it, once it is swept.
    const opens = async () => {
      const response = await fetch(`${site.url}/streams/${site.west.camera}.flv?ticket=${ticket}`);
      await response.body?.cancel();
      return response.status;
    };
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect(await opens()).toBe(401);
  },
);

async function newSeat(name: string): Promise<Ended> {
  const account = { name, role: 'seat', areas: 'all', password: goodPassword };
  const { id } = await site.admin.post<{ id: string }>('/accounts', account);
  const caller = await logIn(site.url, name, goodPassword);
  const found = [...JSON.parse(dumpDatabase(site.data).get('sessions') ?? '[]')] as {
    account_id: string;
    token_hash: string;
  }[];
  return { id, caller, hash: found.find(({ account_id }) => account_id === id)?.token_hash ?? '' };
}

test('nobody writes themselves another role', async () => {
  const seat = await newSeat('riser');
  const role = async () => (await seat.caller.get<{ role: string }>('/auth/me')).role;
  const login = { username: 'riser', password: goodPassword };
  for (const more of [{ role: 'admin' }, { areas: 'all' }, { user: { role: 'admin' } }])
    expect((await seat.caller.send('POST', '/api/v1/auth/login', { ...login, ...more })).status).toBe(400);
  expect((await seat.caller.send('PATCH', `/api/v1/accounts/${seat.id}`, { role: 'admin' })).status).toBe(403);
  for (const headers of [{ 'x-role': 'admin' }, { cookie: 'role=admin' }, { 'x-forwarded-user': 'boss' }]) {
    const response = await seat.caller.fetch('/api/v1/accounts', { headers });
    expect(response.status).toBe(403);
  }
  expect(await role()).toBe('seat');
});
