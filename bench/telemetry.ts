import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InfluxDB, Point } from '@influxdata/influxdb-client';
import { InfluxForwarder, outboxOf } from '../src/ingest/telemetry/influx-forwarder.ts';
import { InfluxTelemetryStore } from '../src/ingest/telemetry/influx-telemetry-store.ts';
import { packPoints } from '../src/ingest/telemetry/point-batch.ts';
import { PointsDrain } from '../src/ingest/telemetry/points-drain.ts';
import { openSpool, type SpoolThread } from '../src/ingest/telemetry/spool-calls.ts';
import { SqliteTelemetryStore } from '../src/ingest/telemetry/sqlite-telemetry-store.ts';
import { openTelemetry, type TelemetryThread } from '../src/ingest/telemetry/telemetry-calls.ts';
import type { TelemetryQuery, TelemetryStore } from '../src/ingest/telemetry/telemetry-store.ts';
import { silentLog } from '../src/shared/log.ts';
import { compare, digits, type Row } from './report.ts';
import { scratch } from './scratch.ts';
import { type Influxd, startInfluxd } from './telemetry/influxd.ts';
import { lotsOf, stationPoints } from './telemetry/points.ts';

export interface TelemetryBench {
  readonly points: number;
  readonly rounds: number;
}

/** The two files of a house that forwards to InfluxDB. */
interface Files {
  readonly spool: SpoolThread;
  readonly series: TelemetryThread;
}

const stations = 500;
const dayMs = 86_400_000;
const secondsOfDay = 86_400;
const from = Date.parse('2026-11-21T00:00:00Z');

/** From the spool into the stores, and a day of one series back out. */
export async function benchTelemetry({ points, rounds }: TelemetryBench): Promise<Row[]> {
  await using influxd = await startInfluxd();
  const [ours, forwarded, theirs]: [number[], number[], number[]] = [[], [], []];
  const [asked, askedPeer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    await using directory = await scratch();
    const influx = new InfluxTelemetryStore({ url: influxd.url, database: `ours ${round}` });
    await influx.createDatabase();
    const files = await openFiles(join(directory.path, 'files'));
    ours.push(points / (await drained(files, points)));
    forwarded.push(points / (await forwardedWithin(files, influx)));
    theirs.push(points / (await writtenByClient(influxd, `theirs ${round}`, points)));
    asked.push(await dayAsked(new SqliteTelemetryStore(files.series)));
    askedPeer.push(await dayAsked(influx));
    await closeFiles(files);
  }
  const rate = (value: number) => `${digits(value)} points/s`;
  const ms = (value: number) => `${digits(value)} ms`;
  return [
    compare({ what: 'telemetry: spool → SQLite; memory → InfluxDB by its client', ours, peer: theirs, write: rate }),
    compare({ what: 'telemetry: outbox → InfluxDB 1.6; the same', ours: forwarded, peer: theirs, write: rate }),
    compare({
      what: 'telemetry: a day at 1 s as 500 points, SQLite; InfluxDB',
      ours: asked,
      peer: askedPeer,
      write: ms,
    }),
  ];
}

async function openFiles(directory: string): Promise<Files> {
  await mkdir(directory, { recursive: true });
  const spool = await openSpool(join(directory, 'spool.sqlite'));
  return { spool, series: await openTelemetry({ path: join(directory, 'telemetry.sqlite'), outbox: true }) };
}

async function closeFiles({ spool, series }: Files): Promise<void> {
  await series.close();
  await spool.close();
}

/** Seconds until all that was acknowledged is in the store. */
async function drained({ spool, series }: Files, points: number): Promise<number> {
  for (const lot of lotsOf(stationPoints(stations, points, from), 2_000))
    await spool.ask('append', { messages: 'all\t{}', points: packPoints(lot) });
  const drain = new PointsDrain({
    ports: {
      cursor: async () => (await spool.ask('positions', undefined)).pointsCursor,
      read: (after, most) => spool.ask('readPoints', { after, most }),
      write: (batch) => series.ask('write', batch),
      settle: (seq) => spool.ask('settlePoints', seq),
      bury: (letters) => spool.ask('bury', letters),
    },
    log: silentLog,
    everyMs: 0,
  });
  const startedAt = performance.now();
  await drain.start();
  while ((await series.ask('outboxDepth', undefined)) < points) await delay(5);
  await drain.close();
  return (performance.now() - startedAt) / 1_000;
}

/** Seconds until InfluxDB has it all. */
async function forwardedWithin({ spool, series }: Files, store: InfluxTelemetryStore): Promise<number> {
  const forwarder = new InfluxForwarder({ outbox: outboxOf(series, spool), store, log: silentLog });
  const startedAt = performance.now();
  forwarder.start();
  while ((await series.ask('outboxDepth', undefined)) > 0) await delay(5);
  const seconds = (performance.now() - startedAt) / 1_000;
  await forwarder.close();
  return seconds;
}

/** The same points by the client's own batching writer, from memory. */
async function writtenByClient({ url }: Influxd, database: string, points: number): Promise<number> {
  await new InfluxTelemetryStore({ url, database }).createDatabase();
  const options = { batchSize: 5_000, maxRetries: 0, gzipThreshold: 1_000 };
  const writer = new InfluxDB({ url, token: '' }).getWriteApi('', database, 'ms', options);
  writer.path = `/write?${new URLSearchParams({ db: database, precision: 'ms' })}`;
  const startedAt = performance.now();
  for (const lot of lotsOf(stationPoints(stations, points, from), 5_000)) {
    for (const { device, measurement, at, value } of lot)
      writer.writePoint(new Point(measurement).tag('device', device).floatField('value', value).timestamp(at));
    await writer.flush();
  }
  await writer.close();
  return (performance.now() - startedAt) / 1_000;
}

/** Milliseconds to ask for a day of one value a second, of which the first time is not counted. */
async function dayAsked(store: TelemetryStore): Promise<number> {
  const day = Array.from({ length: secondsOfDay }, (_, n) => {
    const at = from + n * 1_000;
    return { device: 'one', measurement: 'visibility', at, receivedAt: at, value: n % 977 };
  });
  for (const lot of lotsOf(day, 10_000)) await store.write(lot);
  const query: TelemetryQuery = {
    device: 'one',
    measurement: 'visibility',
    from,
    to: from + dayMs,
    everyMs: Math.ceil(dayMs / 500),
    limit: 1_000,
  };
  await store.query(query);
  const startedAt = performance.now();
  const rows = await store.query(query);
  if (rows.length < 500) throw new Error(`a day came back as ${rows.length} points`);
  return performance.now() - startedAt;
}
