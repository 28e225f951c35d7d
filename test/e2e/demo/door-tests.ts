import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Caller } from '../../helpers/caller.ts';
import type { DemoRun } from '../../helpers/demo-run.ts';

interface Route {
  readonly method: string;
  readonly path: string;
}

/** All that a stranger may ask, and what the answer is. */
const open: Record<string, number> = {
  'GET /healthz': 200,
  'GET /readyz': 200,
  'GET /api/v1/auth/methods': 200,
  'POST /api/v1/auth/login': 400,
};
/** Not in the description of the API. */
const hidden = ['/metrics', '/openapi.json', '/docs', '/docs/json', '/ws'].map((path) => ({ method: 'GET', path }));

async function describedRoutes(demo: DemoRun): Promise<Route[]> {
  const admin = await demo.login('admin');
  const { paths } = (await (await admin.fetch('/openapi.json')).json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, 'nobody-has-this'),
    })),
  );
}

/** `METHOD path status` of each that does not answer as it should. */
async function surprises(caller: Caller, routes: readonly Route[]): Promise<string[]> {
  const asked = routes.map(async ({ method, path }) => {
    const response = method === 'GET' ? await caller.fetch(path) : await caller.send(method, path);
    await response.arrayBuffer();
    const type = response.headers.get('content-type') ?? '';
    const route = `${method} ${path}`;
    const right =
      response.status === (open[route] ?? 401) && (response.ok || type.startsWith('application/problem+json'));
    return right ? [] : [`${route} ${response.status} ${type}`];
  });
  return (await Promise.all(asked)).flat();
}

async function upgradeStatus(url: string, headers = {}): Promise<number> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
  socket.on('open', () => resolve(101));
  socket.on('error', reject);
  try {
    return await promise;
  } finally {
    socket.on('error', () => {});
    socket.terminate();
  }
}

/** Who gets in, and who does not. */
export function doorTests(demo: () => DemoRun): void {
  test('it is ready, and says so to anybody', async () => {
    const ready = await new Caller(demo().url).fetch('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, parts: { store: 'ok', mqtt: 'ok', telemetry: 'ok' } });
    expect(demo().readyAt.getTime() - demo().startedAt.getTime()).toBeLessThan(90_000);
    expect(demo().printed()).not.toContain(demo().password);
  });

  test('no route answers a stranger, and none a token that is none, but health, readiness and login', async () => {
    const routes = [...(await describedRoutes(demo())), ...hidden];
    expect(routes.length).toBeGreaterThan(35);
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(expect.arrayContaining(Object.keys(open)));
    expect(await surprises(new Caller(demo().url), routes)).toEqual([]);
    expect(await surprises(new Caller(demo().url, 'no-such-token'), routes)).toEqual([]);
  });

  test('no socket opens for a stranger, nor for a page of another site', async () => {
    const { url } = demo();
    const seat = await demo().login('seat');
    const foreign = { cookie: `tianliang=${seat.token}`, origin: 'https://evil.example' };
    expect(await upgradeStatus(`${url}/ws`)).toBe(401);
    expect(await upgradeStatus(`${url}/streams/k1429-800.flv`)).toBe(401);
    expect(await upgradeStatus(`${url}/ws`, foreign)).toBe(403);
    expect(await upgradeStatus(`${url}/ws`, seat.headers)).toBe(101);
  });

  test('the wall itself is public, and nothing beside it', async () => {
    const stranger = new Caller(demo().url);
    const page = await stranger.fetch('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? expect.fail(html);
    expect((await stranger.fetch(script)).status).toBe(200);
    for (const path of ['/assets/../package.json', '/..%2fpackage.json', '/nowhere', '/api/v1/nowhere'])
      expect((await stranger.fetch(path)).status, path).toBeGreaterThanOrEqual(400);
  });

  test('each role is let in where it belongs and nowhere else', async () => {
    const [seat, engineer, reviewer] = await Promise.all(
      ['seat', 'engineer', 'reviewer'].map((who) => demo().login(who)),
    );
    const statuses = async (path: string) =>
      await Promise.all([seat, engineer, reviewer].map(async (who) => (await who?.fetch(`/api/v1${path}`))?.status));
    expect(await statuses('/alerts')).toEqual([200, 200, 200]);
    expect(await statuses('/accounts')).toEqual([403, 403, 403]);
    expect(await statuses('/ledger/verify')).toEqual([403, 403, 200]);
  });
}
