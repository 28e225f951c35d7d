import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Influxd, startInfluxd } from '../../bench/telemetry/influxd.ts';
import { InfluxForwarder, outboxOf } from '../../src/ingest/telemetry/influx-forwarder.ts';
import { InfluxTelemetryStore } from '../../src/ingest/telemetry/influx-telemetry-store.ts';
import { openSpool } from '../../src/ingest/telemetry/spool-calls.ts';
import { SqliteTelemetryStore } from '../../src/ingest/telemetry/sqlite-telemetry-store.ts';
import { openTelemetry } from '../../src/ingest/telemetry/telemetry-calls.ts';
import type { TelemetryPoint } from '../../src/ingest/telemetry/telemetry-store.ts';
import { silentLog } from '../../src/shared/log.ts';
import { connectDevice, scratch, startIngest, until } from './rig.ts';
import { describeTelemetryStore, point } from './telemetry-suite.ts';

let influx: Influxd;
let databases = 0;
beforeAll(async () => {
  influx = await startInfluxd();
});
afterAll(() => influx[Symbol.asyncDispose]());

/** The whole way of a point: the telemetry file, its outbox, the forwarder, InfluxDB, which it finds without a database. */
async function startInfluxStore() {
  const directory = await scratch();
  databases += 1;
  const remote = new InfluxTelemetryStore({ url: influx.url, database: `suite ${databases}` });
  await remote.createDatabase();
  const thread = await openTelemetry({ path: join(directory.path, 'telemetry.sqlite'), outbox: true });
  const spool = await openSpool(join(directory.path, 'spool.sqlite'));
  const local = new SqliteTelemetryStore(thread);
  const forwarder = new InfluxForwarder({ outbox: outboxOf(thread, spool), store: remote, log: silentLog, idleMs: 5 });
  forwarder.start();
  return {
    store: async (points: readonly TelemetryPoint[]) => {
      await local.write(points);
      await until('forwarded', async () => (await thread.ask('outboxDepth', undefined)) === 0, 20_000);
    },
    query: remote.query.bind(remote),
    [Symbol.asyncDispose]: async () => {
      await forwarder.close();
      await thread.close();
      await spool.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describeTelemetryStore('InfluxDB 1.x', startInfluxStore);

test('a batch written twice because its answer was lost is there once', async () => {
  await using rig = await startInfluxStore();
  const remote = new InfluxTelemetryStore({ url: influx.url, database: `suite ${databases}` });
  const points = [point(0, 1), { ...point(0, 2), ordinal: 1 }];
  for (let n = 0; n < 3; n += 1) await remote.write(points);
  const { device, measurement, at } = point(0, 0);
  expect(await rig.query({ device, measurement, from: at, to: at + 1, limit: 10 })).toHaveLength(2);
});

test('devices publish through an outage of InfluxDB and nothing is lost (T03, short)', {
  timeout: 60_000,
}, async () => {
  await using directory = await scratch();
  const telemetry = { store: 'influx' as const, retention: '90d', influx: { url: influx.url, database: 'outage' } };
  await using rig = await startIngest(directory.path, { telemetry });
  await using station = await connectDevice(rig.url, 'ws01');
  const startedAt = Date.now();
  const publish = (n: number) => {
    const at = new Date(startedAt + n).toISOString();
    return station.publish('tianliang/sensors/ws01/reading', { at, values: { visibility: n } });
  };
  await Promise.all(Array.from({ length: 200 }, (_, n) => publish(n)));
  await influx.down();
  await Promise.all(Array.from({ length: 800 }, (_, n) => publish(200 + n)));
  await until('the trouble', () => rig.ingest.health().some(({ message }) => message?.includes('InfluxDB')), 15_000);
  expect(rig.messages.length).toBe(1_000);
  await influx.up();
  await until('all forwarded', async () => (await rig.ingest.counts()).outboxDepth === 0, 40_000);
  const range = { from: startedAt, to: startedAt + 2_000, limit: 1_000 };
  const rows = await rig.ingest.query({ device: 'ws01', measurement: 'visibility', ...range });
  expect(rows.map((row) => 'value' in row && row.value)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
});
