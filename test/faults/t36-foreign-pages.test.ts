import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changedTables, dumpDatabase, newRows } from '../access/database-dump.ts';
import type { DeclaredRoute } from '../access/route-matrix.ts';
import { bodyOf, filled, nameOf, withSpan } from '../access/route-requests.ts';
import { greyPicture, openTwoAreas, type TwoAreas } from '../access/two-areas.ts';

let site: TwoAreas;
let picture: Uint8Array<ArrayBuffer>;
let cookie: string;
beforeAll(async () => {
  // Routes that are there only where they are asked for.
  site = await openTwoAreas(`channels: [{ id: phones, kind: push, subject: "mailto:ops@example.org" }]
access: { oidc: { issuer: "http://127.0.0.1:9", clientId: t, clientSecret: Zg8s-4kQv-91xw-Lm2n, roles: {} } }
`);
  picture = new Uint8Array(await greyPicture());
  cookie = `tianliang=${site.admin.token}`;
});
afterAll(() => site?.[Symbol.asyncDispose]());

const safe = ['GET', 'HEAD', 'OPTIONS'];
const changing = () => site.routes.filter(({ method }) => !safe.includes(method));
const reading = () => site.routes.filter(({ method }) => method === 'GET' || method === 'HEAD');
const otherPort = () => site.url.replace(/\d+$/, (port) => `${Number(port) + 1}`);
const addressOf = (route: DeclaredRoute) => withSpan(filled(route, site.west)).replace('*', 'nothing');

type Headers = Readonly<Record<string, string>>;

/** Where a page may be that is not ours; what a browser says of it. */
const foreign = (): readonly (readonly [string, Headers])[] => [
  ['no Origin', {}],
  ['a null Origin', { origin: 'null' }],
  ['another site', { origin: 'https://evil.example' }],
  ['another port', { origin: otherPort() }],
  ['no port', { origin: 'http://127.0.0.1' }],
  ['another name of this machine', { origin: site.url.replace('127.0.0.1', 'localhost') }],
  ['a name that begins like ours', { origin: `${site.url}.evil.example` }],
  ['ours as a user name', { origin: `${site.url.replace(/:\d+$/, '')}@evil.example` }],
  ['a file', { origin: 'file://' }],
  ['not an origin', { origin: '*' }],
  ['an empty one', { origin: '' }],
  ['two of them', { origin: `${site.url}, https://evil.example` }],
  ['another site that says it is the same', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
  ['cross-site by fetch metadata', { 'sec-fetch-site': 'cross-site' }],
  ['same-site by fetch metadata', { 'sec-fetch-site': 'same-site' }],
  ['nobody by fetch metadata', { 'sec-fetch-site': 'none' }],
];

/** What a form or a script of another site may send without asking first. */
const forms = [
  'text/plain',
  'text/plain;charset=UTF-8',
  'TEXT/PLAIN',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
];

async function ask(route: DeclaredRoute, headers: Headers) {
  const body = bodyOf(route, picture);
  const init = { method: route.method, ...body, headers: { cookie, ...body.headers, ...headers } };
  const response = await fetch(`${site.url}${addressOf(route)}`, {
    ...init,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  });
  const isJson = response.headers.get('content-type')?.includes('problem+json');
  const code = isJson ? ((await response.json()) as { code: string }).code : undefined;
  if (!isJson) await response.body?.cancel();
  return { status: response.status, code };
}

/** A body of no type cannot be sent by `fetch`. */
async function askRaw(route: DeclaredRoute, headers: Headers): Promise<string> {
  const { hostname, port, host } = new URL(site.url);
  const body = '{}';
  const lines = Object.entries({ host, cookie, ...headers, 'content-length': `${body.length}`, connection: 'close' });
  const head = [
    `${route.method} ${addressOf(route)} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  const socket = connect(Number(port), hostname);
  socket.end(`${head.join('\r\n')}${body}`);
  return Buffer.concat(await socket.toArray()).toString();
}

test('no GET and no HEAD of any route changes the database, whatever it pretends to be', async () => {
  const override = { 'x-http-method-override': 'DELETE', 'x-method-override': 'POST', 'x-http-method': 'PATCH' };
  const before = dumpDatabase(site.data);
  for (const route of reading())
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { ...override, 'sec-fetch-site': 'cross-site' }]) {
      const path = addressOf(route);
      const url = `${site.url}${path}${path.includes('?') ? '&' : '?'}_method=DELETE`;
      const response = await fetch(url, { method: route.method, headers: { cookie, ...headers }, redirect: 'manual' });
      await response.body?.cancel();
    }
  const after = dumpDatabase(site.data);
  // Who looked at what is written down: that is all a GET leaves.
  const told = changedTables(before, after).filter(
    (table) => !['ledger', 'watches', 'sqlite_sequence'].includes(table),
  );
  const rows = newRows(before, after).filter(({ actor }) => actor === 'boss');
  console.log(
    `T36: ${reading().length} routes read twice; in the ledger: ${[...new Set(rows.map(({ action }) => action))].join(', ')}`,
  );
  expect(told).toEqual([]);
  expect(rows.filter(({ action }) => !/read|export|watch|verify|oversight|^GET|^HEAD/.test(action))).toEqual([]);
});

/** What of a route is not refused as it should be, and how often it was asked. */
async function refusals(route: DeclaredRoute) {
  const wrong: string[] = [];
  for (const [where, headers] of foreign()) {
    const { status, code } = await ask(route, headers);
    if (status !== 403 || code !== 'FOREIGN_ORIGIN') wrong.push(`${nameOf(route)} from ${where}: ${status} ${code}`);
  }
  for (const type of forms) {
    const answer = await askRaw(route, { origin: site.url, ...(type !== '' && { 'content-type': type }) });
    const isRefused = /^HTTP\/1\.1 415 [\s\S]*FORM_CONTENT/.test(answer);
    if (!isRefused) wrong.push(`${nameOf(route)} as ${type}: ${answer.slice(0, 40)}`);
  }
  return { wrong, asked: foreign().length + forms.length };
}

test('every route that changes something refuses every foreign page, and form bodies of our own', async () => {
  const before = dumpDatabase(site.data);
  const found = [];
  for (const route of changing()) found.push(await refusals(route));
  const wrong = found.flatMap((one) => one.wrong);
  const asked = found.reduce((sum, one) => sum + one.asked, 0);
  console.log(
    `T36: ${asked} requests to ${changing().length} routes that change something, ${wrong.length} not refused`,
  );
  expect(wrong).toEqual([]);
  expect(changing().map(nameOf)).toContain('POST /api/v1/push/subscriptions');
  const after = dumpDatabase(site.data);
  const told = changedTables(before, after).filter((table) => !['ledger', 'sqlite_sequence'].includes(table));
  expect(told).toEqual([]);
  expect(newRows(before, after).filter(({ result }) => result === 'ok')).toEqual([]);
});

/** Over a bare socket: what the server says first. */
async function upgrade(path: string, headers: Headers): Promise<string> {
  const { hostname, port, host } = new URL(site.url);
  const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' };
  const lines = Object.entries({ host, connection: 'Upgrade', upgrade: 'websocket', ...key, ...headers });
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write([`GET ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'));
  const [first] = await once(socket, 'data', { signal: AbortSignal.timeout(30_000) });
  socket.destroy();
  return String(first).split(' ')[1] ?? '';
}

test('a WebSocket is refused before the upgrade: 401 without a session, 403 from anywhere but our page', async () => {
  const stream = `/streams/${site.west.camera}.flv`;
  const give = async () => (await site.admin.post<{ ticket: string }>(`/cameras/${site.west.camera}/ticket`)).ticket;
  const { token = '' } = site.admin;
  const wrong: string[] = [];
  let asked = 0;
  const expectStatus = async (status: string, path: string, headers: Headers) => {
    const got = await upgrade(path, headers);
    asked += 1;
    if (got !== status) wrong.push(`${path} with ${JSON.stringify(headers)}: ${got}, not ${status}`);
  };
  for (const path of ['/ws', stream]) {
    const strangers: Headers[] = [
      {},
      { origin: site.url },
      { cookie: 'tianliang=wrong', origin: site.url },
      { authorization: 'Bearer wrong' },
    ];
    for (const headers of [
      ...strangers,
      { 'sec-websocket-protocol': token },
      { cookie: `session=${token}`, origin: site.url },
    ])
      await expectStatus('401', path, headers);
    await expectStatus('401', `${path}?token=${token}`, {});
    await expectStatus('401', `${path}?access_token=${token}`, { origin: site.url });
    // A socket has an Origin or none: fetch metadata does not count.
    for (const [, headers] of foreign()) await expectStatus('403', path, { cookie, ...headers });
    await expectStatus('403', path, { cookie, 'sec-fetch-site': 'same-origin' });
    await expectStatus('101', path, { cookie, origin: site.url });
    await expectStatus('101', path, { authorization: `Bearer ${token}` });
  }
  await expectStatus('401', `${stream}?ticket=wrong`, {});
  for (const [, headers] of foreign().filter(([, { origin }]) => origin !== undefined && origin !== ''))
    await expectStatus('403', `${stream}?ticket=${await give()}`, headers);
  const ticket = await give();
  await expectStatus('101', `${stream}?ticket=${ticket}`, {});
  await expectStatus('401', `${stream}?ticket=${ticket}`, {});
  await expectStatus('101', `${stream}?ticket=${await give()}`, { origin: site.url });
  for (const route of reading().filter(({ method }) => method === 'GET'))
    for (const origin of ['null', 'https://evil.example', otherPort()])
      await expectStatus('403', addressOf(route), { cookie, origin });
  console.log(`T36: ${asked} upgrades asked for, ${wrong.length} answered otherwise`);
  expect(wrong).toEqual([]);
});

test('the same from our own page is let through: what was refused was the page', async () => {
  const refused: string[] = [];
  const isLast = ({ url }: DeclaredRoute) => Number(url.endsWith('/auth/logout'));
  for (const route of changing().toSorted((a, b) => isLast(a) - isLast(b))) {
    const { code = '' } = await ask(route, { origin: site.url });
    if (['FOREIGN_ORIGIN', 'FORM_CONTENT', 'UNAUTHENTICATED'].includes(code)) refused.push(`${nameOf(route)}: ${code}`);
  }
  expect(refused).toEqual([]);
});
