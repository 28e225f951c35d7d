import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type House, openHouse } from '../helpers/access-house.ts';

const echo = {
  routes: (app, access) => {
    app.get('/ws', { websocket: true, config: { access: 'any' } }, (socket, request) => {
      const { session } = access.actorOf(request);
      const stop = access.sessionEnded((ended) => ended.session === session && socket.close(4401, ended.reason));
      socket.once('close', stop);
      socket.send(access.actorOf(request).name);
    });
    app.get('/stream', { websocket: true, config: { access: 'ticket' } }, (socket) => socket.send('frames'));
  },
} satisfies Parameters<typeof openHouse>[0];

async function listen(house: House): Promise<string> {
  const address = await house.app.listen({ port: 0, host: '127.0.0.1' });
  return address.replace('http:', 'ws:');
}

type Answer = { status: number } | { message: string; socket: WebSocket };

async function dial(url: string, headers: Record<string, string>): Promise<Answer> {
  const socket = new WebSocket(url, { headers });
  return await new Promise((resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      response.destroy();
      resolve({ status: response.statusCode ?? 0 });
    });
    socket.once('message', (data) => resolve({ message: data.toString(), socket }));
    socket.once('error', reject);
  });
}

async function verdict(url: string, headers: Record<string, string>): Promise<string | number> {
  const answer = await dial(url, headers);
  if ('status' in answer) return answer.status;
  answer.socket.terminate();
  return answer.message;
}

test('an upgrade needs an account, and with a cookie the Origin of our own page', async () => {
  await using house = await openHouse({ ...echo, origins: ['https://allowed.example.org'] });
  const { token, authorization } = await house.login('seat');
  const url = `${await listen(house)}/ws`;
  const origin = url.replace('ws:', 'http:').replace('/ws', '');
  const cookie = `tianliang=${token}`;

  expect(await verdict(url, { cookie, origin })).toBe('seat');
  expect(await verdict(url, { cookie, origin: 'https://allowed.example.org' })).toBe('seat');
  expect(await verdict(url, { authorization })).toBe('seat');
  expect(await verdict(url, {})).toBe(401);
  expect(await verdict(`${url}?token=${token}`, {})).toBe(401);
  expect(await verdict(url, { cookie })).toBe(403);
  expect(await verdict(url, { cookie, origin: 'null' })).toBe(403);
  expect(await verdict(url, { cookie, origin: 'https://evil.example' })).toBe(403);
  expect(await verdict(url, { cookie, origin: 'http://127.0.0.1:1' })).toBe(403);
});

test('a stream opens with a ticket from our page or from no page, not from a foreign one', async () => {
  await using house = await openHouse(echo);
  const base = await listen(house);
  const origin = base.replace('ws:', 'http:');
  expect(await verdict(`${base}/stream?ticket=x`, {})).toBe('frames');
  expect(await verdict(`${base}/stream?ticket=x`, { origin })).toBe('frames');
  expect(await verdict(`${base}/stream?ticket=x`, { origin: 'https://evil.example' })).toBe(403);
  expect(await verdict(`${base}/stream`, {})).toBe(401);
});

test('a logout cuts the live socket of that session and leaves the others of the account', async () => {
  await using house = await openHouse(echo);
  const first = await house.login('seat');
  const second = await house.login('seat');
  const url = `${await listen(house)}/ws`;
  const [cut, kept] = await Promise.all([dial(url, first), dial(url, second)]);
  if (!('socket' in cut && 'socket' in kept)) throw new Error('not connected');

  const closed = once(cut.socket, 'close', { signal: AbortSignal.timeout(2_000) });
  await house.app.inject({
    method: 'POST',
    url: '/api/v1/auth/logout',
    headers: { authorization: first.authorization },
  });
  const [code, reason] = await closed;
  expect([code, String(reason)]).toEqual([4401, 'logout']);
  expect(kept.socket.readyState).toBe(WebSocket.OPEN);
  kept.socket.terminate();
});

test('an open socket holds its session, a closed one lets it go', async () => {
  await using house = await openHouse(echo);
  const { token } = await house.login('seat');
  const seen = async () =>
    (await house.store.db.selectFrom('sessions').select('last_seen_at').executeTakeFirstOrThrow()).last_seen_at;
  const age = async () => {
    await house.store.db
      .updateTable('sessions')
      .set({ last_seen_at: new Date(Date.now() - 90_000).toISOString() })
      .execute();
    const before = await seen();
    await house.access.sessions.sweep();
    return (await seen()) !== before;
  };
  const answer = await dial(`${await listen(house)}/ws`, { authorization: `Bearer ${token}` });
  if (!('socket' in answer)) throw new Error('not connected');
  expect(await age()).toBe(true);
  const closed = once(answer.socket, 'close');
  answer.socket.close();
  await closed;
  await expect.poll(age).toBe(false);
});
