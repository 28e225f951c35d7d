import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Caller, logIn } from '../helpers/caller.ts';
import { commandLines, coreLimits, descendantsOf, environments } from '../helpers/processes.ts';
import { runCommand } from '../helpers/program.ts';
import { openSmallSite, type RunningServer, type SmallSite, sitePassword, siteSecret } from '../helpers/small-site.ts';

const camera = 'k1432-120';
const cutWithinMs = 5_000;
const cameraPassword = 'kan-jian-27';

let site: SmallSite;
let server: RunningServer;
let admin: Caller;
beforeAll(async () => {
  site = await openSmallSite();
  server = await site.start();
  admin = await server.admin();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

interface Watching {
  readonly name: string;
  /** Resolves when the server has cut it. */
  readonly cut: Promise<unknown>;
}

async function newSeat(name: string): Promise<{ id: string; caller: Caller }> {
  const account = { name, role: 'seat', areas: 'all', password: sitePassword };
  const { id } = await admin.post<{ id: string }>('/accounts', account);
  return { id, caller: await logIn(server.url, name, sitePassword) };
}

/** Live pictures by HTTP and by WebSocket, and the wall's own socket. */
async function watchAll(caller: Caller): Promise<Watching[]> {
  const { ticket } = await caller.post<{ ticket: string }>(`/cameras/${camera}/ticket`);
  const flv = await fetch(`${server.url}/streams/${camera}.flv?ticket=${ticket}`);
  const reader = flv.body?.getReader();
  await reader?.read();
  const drain = async () => {
    for (let done = false; !done; ) done = (await reader?.read().catch(() => ({ done: true })))?.done ?? true;
  };
  const sockets = ['/ws', `/streams/${camera}.flv`].map((path) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`, { headers: caller.headers });
    socket.on('error', () => {});
    const opened = new Promise((resolve) => socket.once('message', resolve));
    return { opened, cut: new Promise((resolve) => socket.once('close', resolve)), name: path };
  });
  await Promise.all(sockets.map(({ opened }) => opened));
  return [{ name: 'flv', cut: drain() }, ...sockets];
}

async function cutTimes(watching: readonly Watching[], since: number): Promise<Record<string, number>> {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('not cut')), 30_000));
  const times = watching.map(async ({ name, cut }) => {
    await Promise.race([cut, late]);
    return [name, performance.now() - since] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

async function watchesOf(actor: string) {
  const { items } = await admin.get<{ items: Record<string, string>[] }>(`/watches?actor=${encodeURIComponent(actor)}`);
  return items;
}

test('a disabled account is cut from pictures and sockets within 5 s, and its records say why', async () => {
  const { id, caller } = await newSeat('wang');
  const watching = await watchAll(caller);
  const since = performance.now();
  await admin.post(`/accounts/${id}/disable`);
  const times = await cutTimes(watching, since);
  for (const [name, ms] of Object.entries(times)) expect([name, ms < cutWithinMs]).toEqual([name, true]);
  expect((await caller.fetch('/api/v1/auth/me')).status).toBe(401);
  await expect
    .poll(() => watchesOf('wang'), { timeout: 5_000 })
    .toMatchObject([{ reason: 'disabled' }, { reason: 'disabled' }]);
});

test('a role cut ends what was begun with the old role', async () => {
  const { id, caller } = await newSeat('li');
  const watching = await watchAll(caller);
  const since = performance.now();
  const edit = await admin.send('PATCH', `/api/v1/accounts/${id}`, { role: 'viewer' });
  expect(edit.status).toBe(200);
  const times = await cutTimes(watching, since);
  for (const [name, ms] of Object.entries(times)) expect([name, ms < cutWithinMs]).toEqual([name, true]);
});

test('a token that the command line revokes is cut too', async () => {
  await newSeat('bot');
  const words = ['bot', '--name', 'wall', '--data', site.data];
  const added = await runCommand(['users', 'token', 'add', ...words, '--role', 'seat']);
  const caller = Object.assign(Object.create(Object.getPrototypeOf(admin)), { url: server.url, token: added.lines[0] });
  const watching = await watchAll(caller);
  const revoked = await runCommand(['users', 'token', 'revoke', ...words]);
  expect(revoked.code).toBe(0);
  const times = await cutTimes(watching, performance.now());
  for (const [name, ms] of Object.entries(times)) expect([name, ms < cutWithinMs]).toEqual([name, true]);
  expect((await watchesOf('bot/wall')).map(({ reason }) => reason)).toEqual(['revoked', 'revoked']);
});

test.runIf(process.platform === 'linux')(
  'no secret is in a log, a metric, an error, the ledger, a command line or what children are given',
  async () => {
    const { ticket } = await admin.post<{ ticket: string }>(`/cameras/${camera}/ticket`);
    const asks = [
      admin.fetch('/metrics'),
      admin.fetch('/api/v1/ledger?limit=1000'),
      admin.fetch(`/api/v1/cameras/${camera}`),
      admin.fetch(`/streams/nobody.flv?ticket=${ticket}`),
      admin.fetch('/api/v1/accounts'),
      admin.send('POST', '/api/v1/auth/login', { username: 'admin', password: `${sitePassword}x` }),
      admin.send('POST', '/api/v1/cameras/probe', { id: camera }),
      fetch(`${server.url}/api/v1/nowhere?token=${admin.token}`),
    ];
    const bodies = await Promise.all(asks.map(async (answer) => await (await answer).text()));
    const places = {
      bodies: bodies.join('\n'),
      log: server.program.lines.join('\n'),
      commands: [
        await readFile(`/proc/${server.program.pid}/cmdline`, 'utf8'),
        ...commandLines(server.program.pid),
      ].join(),
      environments: environments(server.program.pid).join('\n'),
    };
    for (const secret of [sitePassword, siteSecret, cameraPassword, admin.token ?? '', ticket])
      for (const [place, text] of Object.entries(places))
        expect([place, text.includes(secret)]).toEqual([place, false]);
    expect(places.commands).toContain('start');
    expect(places.environments).toContain('PATH=');
  },
);

test.runIf(process.platform === 'linux')('a crash of the server, or of what it started, may leave no core file', () => {
  const { pid } = server.program;
  const limits = [pid, ...descendantsOf(pid).map((child) => child.pid)].map(coreLimits);
  expect(limits.length).toBeGreaterThan(1);
  for (const [soft, hard] of limits) expect([Number(soft) <= 1, Number(hard) <= 1]).toEqual([true, true]);
});

test('a ticket is good once, for its camera, and a foreign page cannot use the cookie', async () => {
  const { ticket } = await admin.post<{ ticket: string }>(`/cameras/${camera}/ticket`);
  const open = async () => {
    const response = await fetch(`${server.url}/streams/${camera}.flv?ticket=${ticket}`);
    await response.body?.cancel();
    return response.status;
  };
  expect([await open(), await open()]).toEqual([200, 401]);
  const cookie = `tianliang=${admin.token}`;
  for (const origin of ['null', 'https://evil.example', 'http://127.0.0.1:1']) {
    const headers = { cookie, origin, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1/auth/logout`, { method: 'POST', headers, body: '{}' });
    expect([origin, answer.status]).toEqual([origin, 403]);
  }
  expect((await admin.fetch('/api/v1/auth/me')).status).toBe(200);
});

test('a crash leaves no watch open: the next start ends it where it was last seen', async () => {
  const { caller } = await newSeat('zhao');
  await watchAll(caller);
  await expect.poll(async () => (await watchesOf('zhao')).length, { timeout: 5_000 }).toBe(2);
  server.program.kill('SIGKILL');
  const killedAt = Date.now();
  await server.program.ended;
  server = await site.start();
  admin = await server.admin();
  await expect
    .poll(async () => (await watchesOf('zhao')).map(({ reason }) => reason), { timeout: 10_000 })
    .toEqual([...['crashed', 'crashed']]);
  for (const { endedAt = '' } of await watchesOf('zhao'))
    expect(Math.abs(killedAt - Date.parse(endedAt))).toBeLessThan(20_000);
  expect(await admin.get('/ledger/verify')).toMatchObject({ intact: true });
});
