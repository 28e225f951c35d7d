import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InfluxForwarder, outboxOf } from '../../src/ingest/telemetry/influx-forwarder.ts';
import { InfluxTelemetryStore } from '../../src/ingest/telemetry/influx-telemetry-store.ts';
import { openSpool } from '../../src/ingest/telemetry/spool-calls.ts';
import { SqliteTelemetryStore } from '../../src/ingest/telemetry/sqlite-telemetry-store.ts';
import { openTelemetry } from '../../src/ingest/telemetry/telemetry-calls.ts';
import type { TelemetryPoint } from '../../src/ingest/telemetry/telemetry-store.ts';
import { silentLog } from '../../src/shared/log.ts';
import { Influx2Server, influx2Login } from './influx2-server.ts';
import { scratch, until } from './rig.ts';
import { describeTelemetryStore, point } from './telemetry-suite.ts';

/** The whole way of a point: the file of series, its outbox, the forwarder, and a server that speaks as InfluxDB 2 does. */
async function startInflux2(login: Partial<typeof influx2Login> | Record<string, string> = {}) {
  const directory = await scratch();
  const server = new Influx2Server();
  const remote = new InfluxTelemetryStore({ url: await server.start(), ...influx2Login, ...login });
  const thread = await openTelemetry({ path: join(directory.path, 'telemetry.sqlite'), outbox: true });
  const spool = await openSpool(join(directory.path, 'spool.sqlite'));
  const local = new SqliteTelemetryStore(thread);
  const forwarder = new InfluxForwarder({ outbox: outboxOf(thread, spool), store: remote, log: silentLog, idleMs: 5 });
  forwarder.start();
  const left = () => thread.ask('outboxDepth', undefined);
  return {
    server,
    forwarder,
    left,
    local,
    deadLetters: async () => (await spool.ask('depth', undefined)).deadLetters,
    store: async (points: readonly TelemetryPoint[]) => {
      await local.write(points);
      await until('forwarded', async () => (await left()) === 0, 20_000);
    },
    query: remote.query.bind(remote),
    [Symbol.asyncDispose]: async () => {
      await forwarder.close();
      await thread.close();
      await spool.close();
      await server[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describeTelemetryStore('InfluxDB 2.x, its API', () => startInflux2());

test.each([
  ['a token that is not theirs', { token: 'wrong' }, /401/],
  ['an organisation they do not know', { org: 'another' }, /404 .*organization another/],
  ['a bucket that is not there', { bucket: 'another' }, /404 .*bucket not found/],
])('%s loses nothing and is named', async (_, login, reason) => {
  await using rig = await startInflux2(login);
  await rig.local.write([point(0, 1)]);
  await until('the trouble', () => rig.forwarder.trouble !== undefined);
  expect(rig.forwarder.trouble).toMatch(reason);
  expect([await rig.left(), await rig.deadLetters()]).toEqual([1, 0]);
});

test('429 is waited for as long as they ask, and then all is there', async () => {
  await using rig = await startInflux2();
  rig.server.busy = 1;
  const askedAt = performance.now();
  await rig.store([point(0, 1), point(1, 2)]);
  expect(performance.now() - askedAt).toBeGreaterThan(900);
  const { device, measurement, at } = point(0, 0);
  expect(await rig.query({ device, measurement, from: at, to: at + 9_000, limit: 9 })).toHaveLength(2);
});

test('of a batch taken in part the rest is stored, and what they will never take is buried (T05)', async () => {
  await using rig = await startInflux2();
  await rig.server.write('door,device=somebody value=1i 1');
  await rig.store([...Array.from({ length: 20 }, (_, n) => point(n, n)), point(3, 1, { measurement: 'door' })]);
  const { device, measurement, at } = point(0, 0);
  expect(await rig.query({ device, measurement, from: at, to: at + 90_000, limit: 99 })).toHaveLength(20);
  expect(await rig.deadLetters()).toBe(1);
  expect(rig.server.asked.filter((path) => path === '/api/v2/write').length).toBeLessThan(6);
});
