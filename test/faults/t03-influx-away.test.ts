import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BurstResult } from '../../bench/ingest/publishers.ts';
import { startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import { startInfluxd } from '../../bench/telemetry/influxd.ts';
import { reported } from '../ingest/misbehaving-influx.ts';
import { scratch, until } from '../ingest/rig.ts';
import type { Counting, Watched, WatchedOptions } from '../ingest/watched-ingest.ts';

const ids = Array.from({ length: 50 }, (_, n) => `ws-${n}`);
/** Of four points each. */
const messagesPerSecond = 500;
const lookEveryMs = 200;
/** Heaps grow after a start for minutes, InfluxDB away or not: what the outage adds is counted from there. */
const warmSeconds = 120;

const outages = [60, Number(env.OUTAGE_SECONDS ?? 1_800)];

test.each(outages)('T03: InfluxDB is away for %d seconds at 2,000 points a second', async (awaySeconds) => {
  await using influxd = await startInfluxd();
  await using directory = await scratch();
  const telemetry = { store: 'influx' as const, retention: '90d', influx: { url: influxd.url, database: 'away' } };
  const options: WatchedOptions = { directory: directory.path, ids, telemetry };
  const script = '../test/ingest/watched-ingest.ts';
  const { program: ingest, ready } = await startProgram<{ port: number }>(script, options, productFlags());
  await using _ingest = ingest;
  const { program: stations } = await startProgram('ingest/publishers.ts', {});
  await using _stations = stations;
  const burst = { port: ready.port, ids, window: 100, messages: 1e6, perSecond: messagesPerSecond };
  const report = async (seconds: number) => {
    const { ackMs } = await stations.ask<BurstResult>({ ...burst, seconds }, (seconds + 60) * 1_000);
    return { acked: ackMs.length, p99Ms: quantile(ackMs, 0.99) };
  };
  const look = async () => {
    await delay(lookEveryMs);
    return await ingest.ask<Watched>({});
  };
  const isEmpty = async () => (await look()).outboxDepth === 0;
  const from = Date.now() - 1_000;
  const before = await report(warmSeconds);

  const { rssBytes } = await look();
  await influxd.down();
  const downAt = performance.now();
  const reporting = report(awaySeconds);
  await until(
    'the operator is told',
    async () => (await look()).troubles.some((one) => one.includes('InfluxDB')),
    10_000,
  );
  const toldMs = performance.now() - downAt;
  const away = await reporting;
  const grownMiB = ((await look()).rssBytes - rssBytes) / 2 ** 20;
  await delay(1_000);
  const backlog = (await look()).outboxDepth;

  await influxd.up();
  // The next try may be half a minute away.
  await until('it goes on', async () => (await look()).outboxDepth < backlog, 60_000);
  const upAt = performance.now();
  const meanwhile = report(10);
  await until('all forwarded', isEmpty, 120_000 + awaySeconds * 1_000);
  const drainedPerSecond = backlog / ((performance.now() - upAt) / 1_000);
  const draining = await meanwhile;
  await delay(1_000);
  await until('the rest forwarded', isEmpty, 60_000);
  const acked = before.acked + away.acked + draining.acked;
  const lost: number[] = [];
  for (const measurement of reported) {
    const { stored } = await ingest.ask<{ stored: number }>({ measurement, from } satisfies Counting, 300_000);
    lost.push(acked - stored);
  }
  const ackP99Ms = { before: before.p99Ms, away: away.p99Ms, draining: draining.p99Ms };
  console.log('T03', { awaySeconds, acked, lost, toldMs, ackP99Ms, grownMiB, backlog, drainedPerSecond });
  expect(lost).toEqual(reported.map(() => 0));
  expect(backlog).toBeGreaterThan(awaySeconds * messagesPerSecond * 4 * 0.8);
  expect(ackP99Ms.away).toBeLessThan(50);
  expect(grownMiB).toBeLessThan(100);
  expect(drainedPerSecond).toBeGreaterThan(5 * 4 * messagesPerSecond);
});

/** What `npm start` gives to Node. */
function productFlags(): string[] {
  const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync('package.json', 'utf8'));
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
