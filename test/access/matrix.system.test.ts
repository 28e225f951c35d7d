import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { topics } from '../../src/live/contract.ts';
import { type Role, roles } from '../../src/shared/actor.ts';
import type { Caller } from '../helpers/caller.ts';
import { type DeclaredRoute, exampleUrl, undeclaredRoutes } from './route-matrix.ts';
import { bodyOf, families, familyOf, filled, nameOf, outside, takesId, withSpan } from './route-requests.ts';
import { greyPicture, openTwoAreas, type TwoAreas } from './two-areas.ts';

/** Who may ask what leaves the house, changes it, or tells of people; written out, so that nobody widens it in passing. */
const guarded: Readonly<Record<string, readonly Role[]>> = {
  'GET /api/v1/accounts': ['admin'],
  'POST /api/v1/accounts': ['admin'],
  'PATCH /api/v1/accounts/:id': ['admin'],
  'POST /api/v1/accounts/:id/tokens': ['admin'],
  'POST /api/v1/accounts/:id/totp-reset': ['admin'],
  'POST /api/v1/recordings/prune': ['admin'],
  'GET /api/v1/ledger': ['reviewer', 'auditor'],
  'GET /api/v1/ledger/verify': ['reviewer', 'auditor'],
  'GET /api/v1/watches': ['reviewer', 'auditor'],
  'GET /api/v1/reports/oversight': ['auditor'],
  'GET /api/v1/cameras/:id/clip.mp4': ['reviewer'],
  'GET /api/v1/alerts/:id/clip.mp4': ['reviewer'],
  'POST /api/v1/evidence/:id/approve': ['reviewer'],
  'GET /api/v1/evidence/:id/package.zip': ['seat', 'reviewer'],
  'GET /api/v1/alerts/:id/evidence': ['seat', 'reviewer'],
  'POST /api/v1/locks/:id/release': ['reviewer'],
  'POST /api/v1/cameras/:id/ptz': ['seat', 'engineer'],
  'POST /api/v1/cameras/probe': ['engineer'],
  'POST /api/v1/cameras/apply': ['engineer'],
  'GET /api/v1/ingest/samples': ['engineer'],
};

let site: TwoAreas;
let picture: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  site = await openTwoAreas();
  picture = new Uint8Array(await greyPicture());
});
afterAll(() => site?.[Symbol.asyncDispose]());

const asked = () => site.routes.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
const inApi = () => asked().filter(({ url }) => !outside.test(url));
const ours = (role: Role) => site.callers.get(role) as Caller;

function may(role: Role, { access }: DeclaredRoute): boolean {
  if (access === 'public' || access === 'account' || role === 'admin') return true;
  if (access === 'any' || access === 'ticket') return role !== 'auditor';
  return access?.includes(role) ?? false;
}

async function ask(caller: Caller, route: DeclaredRoute, path: string): Promise<number> {
  const { method } = route;
  const init = { method, ...bodyOf(route, picture) };
  const response = await caller.fetch(withSpan(path), init);
  await response.body?.cancel();
  return response.status;
}

test('every route declares who may, and every family of routes what its ids name', () => {
  expect(undeclaredRoutes(site.routes)).toEqual([]);
  const unknown = inApi().filter((route) => takesId(route) && families[familyOf(route)] === undefined);
  expect(unknown.map(nameOf)).toEqual([]);
  expect(inApi().length).toBeGreaterThan(70);
});

test('what leaves the house, changes it or tells of people is for whom it says here', () => {
  const found = Object.fromEntries(asked().map((route) => [nameOf(route), route.access]));
  for (const [name, who] of Object.entries(guarded)) expect([name, found[name]]).toEqual([name, who]);
  const open = asked().filter(({ access }) => access === 'public' && !outside.test(''));
  expect(
    open
      .map(nameOf)
      .filter((name) => name.includes('/api/v1/'))
      .sort(),
  ).toEqual([...['GET /api/v1/auth/methods', 'POST /api/v1/auth/login']]);
});

test('a stranger is 401 everywhere', async () => {
  const stranger = { fetch: (path: string, init: RequestInit) => fetch(`${site.url}${path}`, init) } as Caller;
  const wrong: string[] = [];
  for (const route of inApi().filter(({ access }) => access !== 'public')) {
    const status = await ask(stranger, route, exampleUrl(route));
    const isByName = route.method === 'DELETE' && route.url.includes('.whep');
    if (status !== 401 && !isByName) wrong.push(`${nameOf(route)} ${status}`);
  }
  expect(wrong).toEqual([]);
});

test.each(roles)('%s of the west: 403 for what is not theirs to do, 404 for what is of the east', async (role) => {
  const wrong: string[] = [];
  for (const route of inApi().filter(({ access, url }) => access !== 'public' && takesId({ url } as DeclaredRoute))) {
    const status = await ask(ours(role), route, filled(route, site.east));
    const expected = may(role, route) && !route.wholeSite ? 404 : 403;
    if (status !== expected) wrong.push(`${nameOf(route)} ${status}, not ${expected}`);
  }
  expect(wrong).toEqual([]);
});

test.each(roles)('%s of the west: what is of the west is there', async (role) => {
  const wrong: string[] = [];
  const own = inApi().filter(
    (route) => route.method === 'GET' && takesId(route) && !route.wholeSite && may(role, route),
  );
  for (const route of own) {
    const status = await ask(ours(role), route, filled(route, site.west));
    // Nothing is recorded here and no camera answers: those say so in their own way.
    const isWithout = /clip\.mp4|snapshot\.jpg|trace|recordings|\.flv|plan|evidence/.test(route.url);
    if ([401, 403].includes(status) || (status !== 200 && !isWithout)) wrong.push(`${nameOf(route)} ${status}`);
  }
  expect(wrong).toEqual([]);
});

test.each(roles)('%s of the west: no list, map, search or count tells of the east', async (role) => {
  const wrong: string[] = [];
  const { east } = site;
  const secrets = ['canary', east.alert, east.incident, east.assignment, east.photo, east.silence, east.handover];
  const searches = ['', '?q=canary', '?limit=1000', '?area=east', '?state=raised', '?bbox=105,27,106,28'];
  const lists = asked().filter((route) => route.method === 'GET' && !takesId(route) && route.url.startsWith('/api/'));
  for (const route of lists.filter((one) => may(role, one) && !/\/auth\//.test(one.url)))
    for (const search of searches) {
      const body = await (await ours(role).fetch(`${route.url}${search}`)).text();
      const told = secrets.filter((secret) => secret === '' || body.includes(secret));
      if (told.length > 0) wrong.push(`${nameOf(route)}${search} tells ${told.join(', ')}`);
    }
  expect(wrong).toEqual([]);
});

test('what is of the east is not reached through something of the west', async () => {
  const { west, east } = site;
  const seat = ours('seat');
  const tries: readonly (readonly [Role, string, string, object?])[] = [
    ['seat', 'POST', `/incidents/${west.incident}/merge`, { into: east.incident }],
    ['seat', 'POST', `/incidents/${west.incident}/split`, { part: east.incident }],
    ['seat', 'POST', `/incidents/${west.incident}/dispatch`, { unit: east.unit }],
    ['seat', 'POST', `/alerts/${west.alert}/dispatch`, { unit: east.unit }],
    ['seat', 'POST', `/alerts/${west.alert}/unmerge`, { part: east.alert }],
    ['seat', 'POST', '/incidents', { source: 'alert', kind: 'sos', title: 'x', alerts: [east.alert] }],
    ['seat', 'POST', `/cameras/${west.camera}/ticket?incident=${east.incident}`],
    ['patrol', 'POST', `/assignments/${east.assignment}/accept`],
    ['engineer', 'POST', '/cameras/probe', { id: east.camera }],
    ['seat', 'GET', `/telemetry?device=${east.device}&measurement=visibility`],
    ['seat', 'GET', `/telemetry?device=${east.terminal}&measurement=speed`],
    ['seat', 'GET', `/devices/${east.terminal}`],
    ['seat', 'GET', `/incidents/${west.incident}/photos/${east.photo}`],
  ];
  const wrong: string[] = [];
  for (const [role, method, path, body = {}] of tries) {
    const caller = ours(role);
    const response =
      method === 'GET' ? await caller.fetch(`/api/v1${path}`) : await caller.send(method, `/api/v1${path}`, body);
    if (response.status !== 404) wrong.push(`${method} ${path} ${response.status} ${await response.text()}`);
  }
  expect(wrong).toEqual([]);
  const { spots } = { spots: '?kind=manhole&lat=27.3&lon=105.35' };
  expect(await seat.get(`/incidents/similar${spots}`)).toEqual({ items: [] });
  const { items } = await seat.get<{ items: { unit: string }[] }>(`/incidents/${west.incident}/candidates`);
  expect(items.map(({ unit }) => unit)).not.toContain(east.unit);
});

test('whoever has all areas sees both: the east is really there', async () => {
  for (const list of ['/cameras', '/units', '/devices', '/alerts', '/incidents', '/assignments']) {
    const text = JSON.stringify(await site.admin.get(list));
    expect([list, text.includes('canary'), text.includes('west')]).toEqual([list, true, true]);
  }
});

test.each(roles)(
  '%s of the west on /ws: every topic of the west, none of the east, an unknown topic is dropped',
  async (role) => {
    const { headers } = ours(role);
    const socket = new WebSocket(`${site.url.replace('http', 'ws')}/ws`, { headers });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    socket.on('error', () => {});
    if (role === 'auditor') {
      const [, response] = await once(socket, 'unexpected-response');
      expect(response.statusCode).toBe(403);
      response.destroy();
      return;
    }
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', topics: [...topics, 'ledger', 'accounts', '*'], since: 0 }));
    socket.send(JSON.stringify({ type: 'ping', t: 7 }));
    const snapshots = () => heard.map((text) => JSON.parse(text)).filter(({ type }) => type === 'snapshot');
    await expect
      .poll(() => new Set(snapshots().map(({ topic }) => topic)).size, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(3);
    await expect.poll(() => heard.join('').includes('west-unit'), { timeout: 20_000 }).toBe(true);
    const itemsOf = (name: string) => snapshots().find(({ topic }) => topic === name)?.items;
    // Of the house, not of an area: whoever is in may know it. Where a unit is sent is told to who drives it.
    await expect.poll(() => itemsOf('health'), { timeout: 20_000 }).toEqual([{ id: 'detector', state: 'ok' }]);
    expect(itemsOf('assignments')).toMatchObject(role === 'patrol' ? [{ id: site.west.assignment }] : []);
    socket.terminate();
    const { east } = site;
    for (const secret of ['canary', east.alert, east.incident, 'ledger', 'accounts'])
      expect([secret, heard.some((text) => text.includes(secret))]).toEqual([secret, false]);
  },
);
