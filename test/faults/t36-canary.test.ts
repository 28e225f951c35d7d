import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { type Caller, logIn } from '../helpers/caller.ts';
import { connectDevice } from '../helpers/mqtt-device.ts';
import { commandLines, environments } from '../helpers/processes.ts';
import { startRecordingLine } from '../helpers/recording-line.ts';
import { type RunningServer, sitePassword } from '../helpers/small-site.ts';
import { launchBrowser, openWallPage, type WallPage } from '../helpers/wall-browser.ts';
import { startMosquitto } from '../ingest/mosquitto.ts';
import { push } from '../streams/rtmp/pusher.ts';
import { canary, configSecrets, openCanarySite, spellings } from './canary-site.ts';

const clip = join(import.meta.dirname, '../../demo/clips/traffic.mp4');
type Site = Awaited<ReturnType<typeof openCanarySite>>;

/** Places, and what was read there. */
type Places = Map<string, string[]>;

const note = (places: Places, place: string, text: string) => {
  places.set(place, [...(places.get(place) ?? []), text]);
};

/** What whoever may look sees of our children, again and again. */
function watchChildren(pid: number, places: Places) {
  const told = new Set<string>();
  const look = () => {
    for (const line of commandLines(pid)) told.add(`command\0${line}`);
    for (const text of environments(pid)) told.add(`environment\0${text}`);
  };
  const timer = setInterval(look, 200);
  return () => {
    clearInterval(timer);
    for (const line of told) note(places, `${line.split('\0')[0]} of a child`, line);
  };
}

/** Secrets that the house gives out once each, and knows afterwards. */
async function giveSecrets(server: RunningServer) {
  const admin = await server.admin();
  const password = `${canary()}-Kou`;
  const { id } = await admin.post<{ id: string }>('/accounts', {
    name: 'wang',
    role: 'reviewer',
    areas: 'all',
    password,
  });
  const wang = await logIn(server.url, 'wang', password);
  const { secret: totp } = await wang.post<{ secret: string }>('/auth/totp');
  const code = new TOTP({ secret: Secret.fromBase32(totp) }).generate();
  const { recoveryCodes } = await wang.post<{ recoveryCodes: string[] }>('/auth/totp/confirm', { code });
  const { token: apiToken } = await admin.post<{ token: string }>(`/accounts/${id}/tokens`, {
    name: 'm',
    role: 'reviewer',
    areas: 'all',
  });
  const { ticket } = await admin.post<{ ticket: string }>('/cameras/k1432-120/ticket');
  const secrets = {
    password,
    session: wang.token ?? '',
    adminSession: admin.token ?? '',
    apiToken,
    ticket,
    totp,
    recovery: recoveryCodes[0] ?? '',
  };
  return { admin, secrets: { ...secrets, adminPassword: sitePassword } };
}

/** What goes wrong, with every secret in it. */
async function provoke(
  { admin, secrets, url }: { admin: Caller; secrets: Readonly<Record<string, string>>; url: string },
  places: Places,
) {
  const json = { 'content-type': 'application/json' };
  const asks: [string, RequestInit][] = Object.values(secrets).flatMap((secret): [string, RequestInit][] => [
    [`/api/v1/nowhere?token=${secret}`, {}],
    [`/api/v1/cameras?cursor=${secret}&limit=${secret}`, {}],
    [`/api/v1/cameras/${secret}`, { headers: admin.headers }],
    [`/streams/nobody.flv?ticket=${secret}`, {}],
    [`/streams/k1432-120.flv?ticket=x${secret}`, {}],
    [`/%zz?ticket=${secret}`, {}],
    [`/ws?token=${secret}`, {}],
    ['/api/v1/auth/me', { headers: { authorization: `Bearer x${secret}` } }],
    ['/api/v1/auth/me', { headers: { cookie: `tianliang=x${secret}` } }],
    [
      '/api/v1/auth/login',
      { method: 'POST', headers: json, body: JSON.stringify({ username: 'nobody', password: `x${secret}` }) },
    ],
    ['/api/v1/auth/login', { method: 'POST', headers: json, body: `{"username":"nobody","password":"${secret}` }],
    [
      '/api/v1/auth/login',
      { method: 'POST', headers: json, body: JSON.stringify({ username: 7, password: [secret] }) },
    ],
    [
      '/api/v1/accounts',
      {
        method: 'POST',
        headers: { ...json, ...admin.headers },
        body: JSON.stringify({ name: '!', role: 'x', password: secret }),
      },
    ],
  ]);
  for (const [path, init] of asks) {
    const body = await (await fetch(`${url}${path}`, { ...init, redirect: 'manual' })).text();
    // What somebody asked for by name may be named to them.
    if (!path.startsWith('/api/v1/cameras/')) note(places, 'error bodies', body);
  }
  const begun = await fetch(`${url}/api/v1/auth/oidc`, { redirect: 'manual' });
  const state = new URL(begun.headers.get('location') ?? url).searchParams.get('state') ?? '';
  const back = `${url}/api/v1/auth/oidc/callback?code=x&state=${state}`;
  const answer = await fetch(back, { redirect: 'manual', headers: { cookie: `tianliang-oidc=${state}` } });
  note(places, 'the way back of a login', `${begun.headers.get('location')} ${answer.headers.get('location')}`);
  for (const id of ['k1432-120', 'wrong', 'pulled', 'onvif', 'drone']) {
    const probed = await admin.fetch('/api/v1/cameras/probe', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ id }),
      signal: AbortSignal.timeout(60_000),
    });
    note(places, 'probes of cameras', await probed.text());
    const { ticket } = await admin.post<{ ticket: string }>(`/cameras/${id}/ticket`);
    const stream = await fetch(`${url}/streams/${id}.flv?ticket=${ticket}`);
    setTimeout(() => void stream.body?.cancel(), 8_000);
  }
}

/** Every document that an admin may read. */
async function readAll(admin: Caller, places: Places): Promise<number> {
  const openapi = (await (await admin.fetch('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const paths = Object.entries(openapi.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  const ids = ['k1432-120', 'wrong', 'pulled', 'onvif', 'drone', 'ws06', 'xun7'];
  const asked = paths.flatMap((path) =>
    path.includes('{') ? ids.map((id) => path.replaceAll(/\{\w+\}/g, id)) : [path],
  );
  for (const path of [...asked.filter((one) => !one.includes('.flv')), '/metrics', '/readyz', '/openapi.json']) {
    const response = await admin.fetch(
      `${path}${path.includes('telemetry') ? '?device=ws06&measurement=visibility' : ''}`,
    );
    note(places, path === '/metrics' ? 'metrics' : 'bodies', await response.text());
  }
  return asked.length;
}

/** The data directory as a thief of a backup has it, who has no keys. */
async function readData(data: string, places: Places): Promise<void> {
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const isKey = /keys|\.key$|vapid/.test(join(entry.parentPath, entry.name));
    if (entry.isFile() && !isKey && !/\.(?:mp4|m4s)$/.test(entry.name))
      note(places, 'files of the data', await readFile(join(entry.parentPath, entry.name), 'latin1'));
  }
}

/** The camera in the middle of the map, clicked until its pictures are there. */
async function openMiddle(wall: WallPage, camera: string): Promise<void> {
  const { x, y, width, height } = (await wall.map.boundingBox()) ?? expect.fail('the map has no place');
  const opens = async () => {
    await wall.page.mouse.click(x + width / 2, y + height / 2);
    const tile = wall.tile(camera).waitFor({ timeout: 5_000 });
    return await tile.then(
      () => true,
      () => false,
    );
  };
  await expect.poll(opens, { timeout: 90_000, interval: 500 }).toBe(true);
}

/** A real browser on every page; what it says to us and to whom it is sent. */
async function browse({ site, server }: { site: Site; server: RunningServer }, places: Places) {
  await using line = await startRecordingLine(server.url);
  const browser = await launchBrowser();
  try {
    const wall = await openWallPage(browser, 'wall');
    await wall.logIn(`${line.url}/?from=test`, 'admin', sitePassword);
    await openMiddle(wall, 'k1432-120');
    await expect.poll(() => line.heads().some((head) => head.includes('/streams/')), { timeout: 60_000 }).toBe(true);
    const kept =
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie, document.referrer])';
    for (const path of ['/', '/patrol', '/docs/', '/api/v1/cameras']) {
      await wall.page.goto(`${line.url}${path}`);
      await wall.page.waitForTimeout(1_500);
      note(places, 'what a page keeps', String(await wall.page.evaluate(kept)));
    }
    await wall.page.goto(`${line.url}/?ticket=${canary()}`);
    const leave = `(() => { const a = document.createElement('a'); a.href = '${site.echo.url}/elsewhere'; document.body.append(a); a.click(); })()`;
    await Promise.all([wall.page.waitForURL(/elsewhere/), wall.page.evaluate(leave)]);
    await wall.close();
  } finally {
    await browser.close();
  }
  const left = site.echo.heads.filter((head) => head.startsWith('GET /elsewhere'));
  const heads = line.heads();
  const tickets = heads.flatMap((head) => /^\S+ \/streams\/\S+?[?&]ticket=([\w-]+)/.exec(head)?.[1] ?? []);
  for (const head of heads) {
    note(
      places,
      'addresses of a page',
      (head.split('\r\n')[0] ?? '').replace(/(\/streams\/\S+?[?&]ticket=)[\w-]+/, '$1'),
    );
    note(places, 'Referer', /^referer: .*$/im.exec(head)?.[0] ?? '');
  }
  for (const head of left) note(places, 'Referer', /"referer":"[^"]*"/.exec(head)?.[0] ?? '');
  const again = await Promise.all(
    tickets.map(async (one) => (await fetch(`${server.url}/streams/k1432-120.flv?ticket=${one}`)).status),
  );
  return { requests: heads.length, left: left.length, tickets, again };
}

/** Devices say what opens an incident; with a password that is nearly right, where ours is asked. */
async function speak(url: string, password: string, isOwn: boolean): Promise<void> {
  if (isOwn)
    await connectDevice({ url, id: 'xun7', password: `x${password}` }).then(
      () => expect.fail('let in'),
      () => undefined,
    );
  await using device = await connectDevice({ url, id: 'xun7', password });
  await device.sos('救命', { lat: 27.31, lon: 105.3 });
  await using station = await connectDevice({ url, id: 'ws06', password });
  await station.reading({ visibility: 900 });
}

/** A change that is refused is told of, by its place. */
async function breakConfig({ config, cameras }: Site, server: RunningServer): Promise<void> {
  const broken = cameras.replace('"${CAMERA_PASSWORD}"', '{ is: "${CAMERA_PASSWORD}" }');
  await writeFile(join(config, 'cameras.yaml'), broken);
  const isTold = () => server.program.lines.some((line) => line.includes('cameras.yaml'));
  await expect.poll(isTold, { timeout: 30_000 }).toBe(true);
}

function search(secrets: Readonly<Record<string, string>>, places: Places): string[] {
  const texts = [...places].flatMap(([place, all]) => all.map((text) => ({ place, text })));
  return Object.entries(secrets).flatMap(([kind, secret]) => {
    const spelt = spellings(secret);
    const found = texts.filter(({ text }) => spelt.some((one) => text.includes(one)));
    return found.map(({ place, text }) => `${kind} in ${place}: ${text.slice(0, 300)}`);
  });
}

const looked = [
  ...['log', 'error bodies', 'bodies', 'metrics', 'probes of cameras', 'files of the data', 'command'],
  ...['command of a child', 'environment of a child'],
];

test.each([
  ['our own broker', true],
  ['a broker of others', false],
])('with %s: a canary of each kind is found in no place', async (_, isOwn) => {
  await using mosquitto = isOwn ? undefined : await startMosquitto();
  const config = configSecrets();
  await using site = await openCanarySite(config, mosquitto?.url);
  await using server = await site.start();
  const places: Places = new Map();
  const stopWatching = watchChildren(server.program.pid, places);
  const pushed = `rtmp://127.0.0.1:${site.rtmpPort}/live/drone?key=`;
  await using _drone = push(clip, `${pushed}${config.PUBLISH_KEY}`);
  await using _wrong = push(clip, `${pushed}x${config.PUBLISH_KEY}`);
  const given = await giveSecrets(server);
  const secrets = { ...config, ...given.secrets };
  await speak(mosquitto?.url ?? site.mqttUrl, config.DEVICE_PASSWORD, isOwn);
  // Before so many logins fail that this machine has to wait for the next.
  const seen = isOwn ? await browse({ site, server }, places) : undefined;
  await provoke({ ...given, secrets, url: server.url }, places);
  await breakConfig(site, server);
  const documents = await readAll(given.admin, places);
  stopWatching();
  await readData(site.data, places);
  note(places, 'command', await readFile(`/proc/${server.program.pid}/cmdline`, 'latin1'));
  await server.program.end();
  note(places, 'log', server.program.lines.join('\n'));
  const found = search(secrets, places);
  // What has to be said to the one it is for is found there: the search finds.
  const meant = search(secrets, new Map([['the other house', site.echo.heads]])).map((one) => one.split(' in ')[0]);
  expect([...new Set(meant)].toSorted()).toEqual(['INFLUX_TOKEN', 'OIDC_SECRET']);
  const told = [...places].map(([place, texts]) => `${place} ${texts.join('').length}`).join(', ');
  console.log(
    `T36: ${Object.keys(secrets).length} canaries, ${documents} documents, found ${found.length} times; bytes of ${told}`,
  );
  expect(found).toEqual([]);
  for (const place of looked) expect([place, (places.get(place) ?? []).join('').length > 50]).toEqual([place, true]);
  if (seen) expectDiscreet(seen, places);
});

function expectDiscreet({ requests, tickets, left, again }: Awaited<ReturnType<typeof browse>>, places: Places): void {
  console.log(`T36: Chromium: ${requests} requests, ${tickets.length} tickets shown, ${left} times sent elsewhere`);
  expect((places.get('Referer') ?? []).filter(Boolean)).toEqual([]);
  expect([left, requests > 30, tickets.length > 0]).toEqual([1, true, true]);
  // Once, each of them, and by the page itself.
  expect([...new Set(again)]).toEqual([401]);
  expect(new Set(tickets).size).toBe(tickets.length);
}
