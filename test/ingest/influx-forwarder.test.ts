import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { InfluxForwarder } from '../../src/ingest/telemetry/influx-forwarder.ts';
import { InfluxTelemetryStore } from '../../src/ingest/telemetry/influx-telemetry-store.ts';
import type { DeadLetter } from '../../src/ingest/telemetry/spool-database.ts';
import type { OutboxRow } from '../../src/ingest/telemetry/telemetry-database.ts';
import { silentLog } from '../../src/shared/log.ts';
import { until } from './rig.ts';

type Answer = (lines: string[], response: ServerResponse, request: IncomingMessage) => void;

/** A server that answers as it is told, and what was written to it. */
async function startServer(answer: Answer) {
  const state = { answer, requests: [] as { path: string; lines: string[]; authorization?: string }[] };
  const server = createServer(async (request, response) => {
    const zipped = request.headers['content-encoding'] === 'gzip';
    const body = await text(zipped ? request.pipe(createGunzip()) : request);
    const { authorization } = request.headers;
    const lines = body.split('\n');
    state.requests.push({ path: request.url ?? '', lines, ...(authorization !== undefined && { authorization }) });
    state.answer(lines, response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { state, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
}

function memoryOutbox(count: number) {
  let rows: OutboxRow[] = Array.from({ length: count }, (_, n) => ({
    seq: n + 1,
    device: 'ws01',
    measurement: 'visibility',
    at: 1_000 + n,
    receivedAt: 1_000 + n,
    ordinal: 0,
    value: n,
  }));
  const buried: DeadLetter[] = [];
  return {
    buried,
    left: () => rows.length,
    outbox: {
      read: async (limit: number) => rows.slice(0, limit),
      settle: async (seq: number) => {
        rows = rows.filter((row) => row.seq > seq);
      },
      bury: async (letters: readonly DeadLetter[]) => {
        buried.push(...letters);
      },
    },
  };
}

function startForwarder(url: string, memory: ReturnType<typeof memoryOutbox>) {
  const store = new InfluxTelemetryStore({ url, org: 'o', bucket: 'b', token: 't' });
  const forwarder = new InfluxForwarder({ outbox: memory.outbox, store, log: silentLog, batch: 100, idleMs: 10 });
  forwarder.start();
  return { forwarder, [Symbol.asyncDispose]: () => forwarder.close() };
}

const ok: Answer = (_, response) => response.writeHead(204).end();

test('batches are written in order, in line protocol, zipped when large, with the token', async () => {
  await using server = await startServer(ok);
  const memory = memoryOutbox(250);
  await using _forwarder = startForwarder(server.url, memory);
  await until('all sent', () => memory.left() === 0);
  const { requests } = server.state;
  expect(requests.map(({ lines }) => lines.length)).toEqual([100, 100, 50]);
  expect(requests[0]).toMatchObject({ path: '/api/v2/write?org=o&bucket=b&precision=ns', authorization: 'Token t' });
  expect(requests[0]?.lines.slice(0, 2)).toEqual([
    'visibility,device=ws01 value=0 1000000000',
    'visibility,device=ws01 value=1 1001000000',
  ]);
});

test.each<[string, Answer]>([
  ['503', (_, response) => response.writeHead(503).end('{}')],
  ['429 with Retry-After', (_, response) => response.writeHead(429, { 'retry-after': '1' }).end()],
  ['the line cut', (_, response) => response.destroy()],
  ['401', (_, response) => response.writeHead(401).end('{"message":"unauthorized"}')],
])('with %s nothing is lost and the trouble is told, until it is over (T04)', async (_, fault) => {
  await using server = await startServer(fault);
  const memory = memoryOutbox(50);
  await using rig = startForwarder(server.url, memory);
  await until('the trouble', () => rig.forwarder.trouble !== undefined);
  expect(memory.left()).toBe(50);
  server.state.answer = ok;
  await until('all sent', () => memory.left() === 0);
  expect(rig.forwarder.trouble).toBeUndefined();
  expect(memory.buried).toEqual([]);
});

test('a point the server will never take is found, buried with the reason, its neighbours are stored (T05)', async () => {
  const stored = new Set<string>();
  await using server = await startServer((lines, response) => {
    if (lines.some((line) => line.includes('value=37'))) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"partial write: dropped=1"}');
      return;
    }
    for (const line of lines) stored.add(line);
    response.writeHead(204).end();
  });
  const memory = memoryOutbox(100);
  await using _forwarder = startForwarder(server.url, memory);
  await until('all settled', () => memory.left() === 0);
  expect(stored.size).toBe(99);
  expect(memory.buried).toEqual([
    {
      source: 'outbox',
      device: 'ws01',
      reason: expect.stringContaining('dropped=1'),
      body: 'visibility,device=ws01 value=37 1037000000',
    },
  ]);
  expect(
    server.state.requests.filter(({ lines }) => lines.some((line) => line.includes('value=37'))).length,
  ).toBeLessThan(10);
});

test('closing while the server is away ends at once', async () => {
  await using server = await startServer((_, response) => response.destroy());
  const memory = memoryOutbox(10);
  const { forwarder } = startForwarder(server.url, memory);
  await until('the trouble', () => forwarder.trouble !== undefined);
  const before = performance.now();
  await forwarder.close();
  expect(performance.now() - before).toBeLessThan(500);
  expect(memory.left()).toBe(10);
});

test.each([
  ['a token', { token: 'influx-canary-27', org: 'o', bucket: 'b' }],
  ['a password', { database: 'd', username: 'u', password: 'influx-canary-27' }],
])('%s that a server repeats is not repeated by us', async (_, login) => {
  await using server = await startServer((_lines, response, { headers }) => {
    const told = `${headers.authorization} ${Buffer.from(headers.authorization?.slice(6) ?? '', 'base64')}`;
    response.writeHead(401, { 'retry-after': '7' }).end(`who is ${told}`);
  });
  const store = new InfluxTelemetryStore({ url: server.url, ...login });
  const { outbox } = memoryOutbox(1);
  const forwarder = new InfluxForwarder({ outbox, store, log: silentLog });
  forwarder.start();
  await until('trouble', () => forwarder.trouble !== undefined, 5_000);
  await forwarder.close();
  const query = { device: 'd', measurement: 'm', from: 0, to: 1, limit: 1 };
  const asked = await store.query(query).catch((error) => String(error));
  for (const told of [forwarder.trouble, asked]) {
    expect(told).toContain('401 who is');
    expect(told).not.toContain('canary');
    expect(told).not.toContain(Buffer.from('u:influx-canary-27').toString('base64'));
  }
  expect(await store.write([]).catch((error) => error.retryAfter())).toBe(7);
});
