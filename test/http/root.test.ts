import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { answerFrameworkError, httpPlugin } from '../../src/http/plugin.ts';
import { AppError } from '../../src/shared/app-error.ts';
import { openHouse } from '../helpers/access-house.ts';

class TeapotError extends AppError {
  readonly code = 'TEAPOT';
  override readonly statusCode = 418;
  override readonly retryAfterSeconds = 7;
}

const failing = {
  routes: (app) => {
    const config = { access: 'public' } as const;
    app.get('/teapot', { config }, async () => {
      throw new TeapotError('short and stout');
    });
    app.get('/broken', { config }, async () => {
      throw new Error('password=canary in SELECT * FROM accounts');
    });
    app.post('/body', { config, schema: { body: { type: 'object' } } }, async () => 'ok');
  },
} satisfies Parameters<typeof openHouse>[0];

test('an error of ours is a problem with its status, code and sentence', async () => {
  await using house = await openHouse(failing);
  const answer = await house.app.inject('/teapot');
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'retry-after': '7',
  });
  expect(answer.json()).toEqual({
    type: 'about:blank',
    title: "I'm a Teapot",
    status: 418,
    code: 'TEAPOT',
    detail: 'short and stout',
  });
});

test('an unexpected error says nothing of the inside', async () => {
  await using house = await openHouse(failing);
  const answer = await house.app.inject('/broken');
  expect(answer.json()).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500, code: 'INTERNAL' });
});

test.each([
  [{ payload: '{"a":', headers: { 'content-type': 'application/json' } }, 400],
  [{ payload: '{"__proto__":{"admin":true}}', headers: { 'content-type': 'application/json' } }, 400],
  [{ payload: '<a/>', headers: { 'content-type': 'application/xml' } }, 415],
  [{ payload: JSON.stringify({ a: 'x'.repeat(1_100_000) }), headers: { 'content-type': 'application/json' } }, 413],
])('a body that cannot be read is refused %#', async (request, status) => {
  await using house = await openHouse(failing);
  const answer = await house.app.inject({ method: 'POST', url: '/body', ...request });
  expect([answer.statusCode, answer.json().status]).toEqual([status, status]);
  expect(answer.headers['content-type']).toContain('application/problem+json');
});

test('what is not there is a problem too, for strangers and accounts alike', async () => {
  await using house = await openHouse();
  for (const url of ['/nowhere', '/api/v1/nowhere', '/streams/..%2f..%2fetc/passwd']) {
    const answer = await house.app.inject(url);
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 404, 'NOT_FOUND']);
  }
});

test('a URL that cannot be decoded is a problem', async () => {
  await using app = Fastify({ frameworkErrors: answerFrameworkError });
  const answer = await app.inject('/%zz?ticket=canary');
  expect(answer.body).not.toContain('canary');
  expect([answer.statusCode, answer.json().code, answer.headers['x-content-type-options']]).toEqual([
    400,
    'FST_ERR_BAD_URL',
    'nosniff',
  ]);
});

test('every answer, also a refusal, carries the security headers', async () => {
  await using house = await openHouse({ http: { mapOrigins: ['https://tiles.example.org'] } });
  for (const url of ['/healthz', '/nowhere', '/metrics', '/']) {
    const { headers } = await house.app.inject(url);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("img-src 'self' data: blob: https://tiles.example.org;");
    expect(headers['strict-transport-security']).toBe(undefined);
  }
});

test('health is public; metrics, the documents and the description are for accounts', async () => {
  await using house = await openHouse();
  const { authorization } = await house.login('seat');
  expect((await house.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  for (const url of ['/metrics', '/openapi.json', '/docs/', '/docs/json']) {
    expect([url, (await house.app.inject(url)).statusCode]).toEqual([url, 401]);
    expect([url, (await house.app.inject({ url, headers: { authorization } })).statusCode]).toEqual([url, 200]);
  }
  const metrics = await house.app.inject({ url: '/metrics', headers: { authorization } });
  expect(metrics.body).toMatch(/tianliang_http_answers_total\{method="GET",route="\/metrics",status="401"\} 1/);
  expect(metrics.body).not.toContain(authorization.slice(7));
});

test('the description is OpenAPI 3.1 and says of each route who may', async () => {
  await using house = await openHouse();
  const headers = await house.login('seat');
  const { openapi, paths } = (await house.app.inject({ url: '/openapi.json', headers })).json();
  expect(openapi).toBe('3.1.0');
  expect(paths['/api/v1/auth/login'].post).toMatchObject({ description: 'Everybody.', security: [] });
  expect(paths['/api/v1/ledger'].get.description).toBe('Roles: reviewer, auditor, admin.');
});

test('not ready is 503 and names the part', async () => {
  const state = { ready: false, parts: { store: 'ok', broker: 'no answer' } };
  await using house = await openHouse({ http: { readiness: async () => state } });
  const answer = await house.app.inject('/readyz');
  expect([answer.statusCode, answer.json()]).toEqual([503, state]);
});

test('without the guard in front the root refuses to load', async () => {
  await using app = Fastify();
  const options = { version: '0', readiness: async () => ({ ready: true, parts: {} }) };
  await expect(app.register(httpPlugin, options).ready()).rejects.toThrow(/tianliang-access/);
});
