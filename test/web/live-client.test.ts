import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ServerMessage, topics } from '../../web/src/live/contract.ts';
import type { Link } from '../../web/src/live/link.ts';
import { LiveClient } from '../../web/src/live/live-client.ts';
import { hintsOf } from '../../web/src/patrol/hints.ts';

async function startServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const frames: Record<string, unknown>[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      frames.push(frame);
      if (frame.type === 'ping') socket.send(JSON.stringify({ type: 'pong', t: frame.t, at: '' }));
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    frames,
    server,
    subscriptions: () => frames.filter(({ type }) => type === 'subscribe'),
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function openClient(url: string, more: { seq?: number; mayRedial?: boolean } = {}) {
  const messages: ServerMessage[] = [];
  const links: Link['phase'][] = [];
  const latencies: number[] = [];
  const client = new LiveClient({
    connect: () => new WebSocket(url),
    topics,
    seq: () => more.seq ?? 0,
    onMessage: (message) => messages.push(message),
    onLink: ({ phase }) => links.push(phase),
    onLatency: (ms) => latencies.push(ms),
    mayRedial: async () => more.mayRedial ?? true,
  });
  client.start();
  return { client, messages, links, latencies, [Symbol.dispose]: () => client.close() };
}

test('the client subscribes to every topic and measures the link', async () => {
  await using server = await startServer();
  using seat = openClient(server.url);
  await vi.waitFor(() => expect(seat.latencies).toHaveLength(1));
  expect(server.subscriptions()).toEqual([
    { type: 'subscribe', topics: ['alerts', 'incidents', 'units', 'cameras', 'sensors', 'health'] },
  ]);
});

test('after a lost connection it returns and resumes from the last sequence number', async () => {
  await using server = await startServer();
  using seat = openClient(server.url, { seq: 41 });
  await vi.waitFor(() => expect(server.subscriptions()).toHaveLength(1));
  for (const socket of server.server.clients) socket.terminate();
  await vi.waitFor(() => expect(server.subscriptions()).toHaveLength(2), { timeout: 5_000 });
  expect(server.subscriptions()[1]).toMatchObject({ since: 41 });
  expect(seat.links).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
});

test('a resync is answered with a new subscription', async () => {
  await using server = await startServer();
  using _seat = openClient(server.url);
  await vi.waitFor(() => expect(server.subscriptions()).toHaveLength(1));
  for (const socket of server.server.clients) socket.send('{"type":"resync","topic":"units"}');
  await vi.waitFor(() => expect(server.subscriptions()).toHaveLength(2));
});

test('a session that is over ends the client', async () => {
  await using server = await startServer();
  using seat = openClient(server.url, { mayRedial: false });
  await vi.waitFor(() => expect(server.subscriptions()).toHaveLength(1));
  for (const socket of server.server.clients) socket.terminate();
  await vi.waitFor(() => expect(seat.links.at(-1)).toBe('closed'), { timeout: 5_000 });
});

test('a patrol asks when it is told of a change, when the channel opens and when it is lost, and not when it leaves', async () => {
  await using server = await startServer();
  const told: string[] = [];
  const client = hintsOf({
    connect: () => new WebSocket(server.url),
    mayRedial: async () => true,
    onHears: (hears) => told.at(-1) !== `${hears}` && told.push(`${hears}`),
    onChange: () => told.push('ask'),
  });
  client.start();
  await vi.waitFor(() => expect(server.subscriptions()).toEqual([{ type: 'subscribe', topics: ['assignments'] }]));
  const say = (message: object) => {
    for (const socket of server.server.clients) socket.send(JSON.stringify(message));
  };
  say({ type: 'snapshot', topic: 'assignments', items: [], seq: 0 });
  say({ type: 'event', topic: 'units', at: '', data: [] });
  say({ type: 'event', topic: 'assignments', at: '', data: [{ id: 'a' }] });
  await vi.waitFor(() => expect(told).toEqual(['false', 'true', 'ask', 'ask']));
  for (const socket of server.server.clients) socket.terminate();
  await vi.waitFor(() => expect(told.slice(4, 6)).toEqual(['false', 'ask']));
  const asked = told.length;
  client.close();
  expect(told.slice(asked).filter((word) => word === 'ask')).toEqual([]);
});
