import Fastify from 'fastify';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { pushPlugin } from '../../../../src/dispatch/channels/push/plugin.ts';
import type { Subscription } from '../../../../src/dispatch/channels/push/web-push.ts';
import { requestValidator } from '../../../../src/http/invalid-request.ts';
import { renderError } from '../../../../src/http/problem.ts';
import { patrol } from '../../incidents/incident-fixtures.ts';
import { newBrowser } from './browser.ts';

async function openHttp(isOn: boolean) {
  const calls: unknown[] = [];
  const push = {
    key: async () => 'public',
    subscribe: async ({ endpoint }: Subscription) => void calls.push(['subscribe', endpoint]),
    unsubscribe: async (endpoint: string) => void calls.push(['unsubscribe', endpoint]),
  };
  const app = Fastify();
  const access: unknown[] = [];
  app.addHook('onRoute', ({ config }) => void access.push(config?.access));
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, _request, reply) => {
    const { problem } = renderError(error);
    return reply.code(problem.status).send(problem);
  });
  await app.register(pushPlugin, { push: isOn ? push : undefined, actorOf: () => patrol });
  return { app, calls, access, [Symbol.asyncDispose]: () => app.close() };
}

test('a browser asks for the key, subscribes with what it was given, and ends it', async () => {
  await using http = await openHttp(true);
  const { subscription } = newBrowser('https://push.example/1');
  expect((await http.app.inject('/push/key')).json()).toEqual({ key: 'public' });
  const url = '/push/subscriptions';
  expect((await http.app.inject({ method: 'POST', url, payload: subscription })).statusCode).toBe(201);
  const { endpoint } = subscription;
  expect((await http.app.inject({ method: 'DELETE', url, payload: { endpoint } })).statusCode).toBe(204);
  expect(http.calls).toEqual([
    ['subscribe', endpoint],
    ['unsubscribe', endpoint],
  ]);
});

test('what is no subscription is refused, and seats and patrols alone may ask', async () => {
  await using http = await openHttp(true);
  const { subscription } = newBrowser('https://push.example/1');
  const post = (payload: object) => http.app.inject({ method: 'POST', url: '/push/subscriptions', payload });
  expect((await post({ ...subscription, endpoint: 'http://push.example/1' })).statusCode).toBe(400);
  expect((await post({ ...subscription, keys: { p256dh: 'x', auth: 'y' } })).statusCode).toBe(400);
  expect((await post({ ...subscription, name: 'somebody' })).statusCode).toBe(400);
  expect(http.calls).toEqual([]);
  expect(http.access.every((roles) => JSON.stringify(roles) === '["seat","patrol"]')).toBe(true);
});

test('where nobody is told by Web Push a browser hears so', async () => {
  await using http = await openHttp(false);
  const answer = await http.app.inject('/push/key');
  expect(answer.json()).toMatchObject({ status: 404, code: 'PUSH_OFF' });
});
