import { env } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BurstResult } from '../../bench/ingest/publishers.ts';
import { startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import { startInfluxd } from '../../bench/telemetry/influxd.ts';
import { countStored, reported } from '../ingest/misbehaving-influx.ts';
import { scratch, startIngest, until } from '../ingest/rig.ts';

const ids = Array.from({ length: 50 }, (_, n) => `ws-${n}`);
const devices = ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const }));
/** Of four points each. */
const messagesPerSecond = 500;
/** Whoever is asked says something within a minute. */
const mostSeconds = 30;

const outages = [60, Number(env.OUTAGE_SECONDS ?? 1_800)];

test.each(outages)('T03: InfluxDB is away for %d seconds at 2,000 points a second', async (awaySeconds) => {
  await using influxd = await startInfluxd();
  await using directory = await scratch();
  const telemetry = { store: 'influx' as const, retention: '90d', influx: { url: influxd.url, database: 'away' } };
  await using rig = await startIngest(directory.path, { telemetry, devices, onMessage: async () => {} });
  const { program: stations } = await startProgram('ingest/publishers.ts', {});
  await using _stations = stations;
  const burst = { port: rig.ingest.address?.port ?? 0, ids, window: 100, messages: 1e6, perSecond: messagesPerSecond };
  const report = async (seconds: number) => {
    const bursts: BurstResult[] = [];
    for (let left = seconds; left > 0; left -= mostSeconds)
      bursts.push(await stations.ask<BurstResult>({ ...burst, seconds: Math.min(left, mostSeconds) }));
    const acked = bursts.reduce((sum, one) => sum + one.acked, 0);
    return {
      acked,
      p99Ms: quantile(
        bursts.flatMap(({ ackMs }) => ackMs),
        0.99,
      ),
    };
  };
  const depth = async () => (await rig.ingest.counts()).outboxDepth;
  const from = Date.now() - 1_000;
  const before = await report(10);

  const rssBefore = process.memoryUsage().rss;
  await influxd.down();
  const downAt = performance.now();
  const isTold = () => rig.ingest.health().some(({ message }) => message?.includes('InfluxDB'));
  const reporting = report(awaySeconds);
  await until('the operator is told', isTold, 10_000);
  const toldMs = performance.now() - downAt;
  const away = await reporting;
  const grownMiB = (process.memoryUsage().rss - rssBefore) / 2 ** 20;
  await delay(1_000);
  const backlog = await depth();

  await influxd.up();
  // The next try may be half a minute away.
  await until('it goes on', async () => (await depth()) < backlog, 60_000);
  const upAt = performance.now();
  const meanwhile = report(10);
  await until('all forwarded', async () => (await depth()) === 0, 120_000 + awaySeconds * 1_000);
  const drainedPerSecond = backlog / ((performance.now() - upAt) / 1_000);
  const draining = await meanwhile;
  await delay(1_000);
  await until('the rest forwarded', async () => (await depth()) === 0, 60_000);
  const acked = before.acked + away.acked + draining.acked;
  const stored = await Promise.all(reported.map((measurement) => countStored(rig.ingest, ids, { measurement, from })));
  const lost = stored.map((count) => acked - count);
  const ackP99Ms = { before: before.p99Ms, away: away.p99Ms, draining: draining.p99Ms };
  console.log('T03', { awaySeconds, acked, lost, toldMs, ackP99Ms, grownMiB, backlog, drainedPerSecond });
  expect(lost).toEqual(reported.map(() => 0));
  expect(backlog).toBeGreaterThan(awaySeconds * messagesPerSecond * 4 * 0.8);
  expect(ackP99Ms.away).toBeLessThan(50);
  expect(grownMiB).toBeLessThan(100);
  expect(drainedPerSecond).toBeGreaterThan(5 * 4 * messagesPerSecond);
});
