import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BurstResult } from '../../bench/ingest/publishers.ts';
import { startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import { startInfluxd } from '../../bench/telemetry/influxd.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { scratch, startIngest, until } from '../ingest/rig.ts';

const ids = Array.from({ length: 50 }, (_, n) => `ws-${n}`);
const devices = ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const }));
/** Of four points each. */
const messagesPerSecond = 500;
/** Twice: whoever is asked says something within a minute. */
const halfAwayMs = 30_000;

/** How many reports of all stations InfluxDB has. */
async function storedReports(ingest: Ingest, from: number): Promise<number> {
  const span = { measurement: 'visibility', from, to: from + 3_600_000, everyMs: 3_600_000, limit: 10 };
  const counted = await Promise.all(ids.map((device) => ingest.query({ device, ...span })));
  return counted.flat().reduce((sum, row) => sum + ('count' in row ? row.count : 0), 0);
}

test('T03: InfluxDB is away for a minute at 2,000 points a second', async () => {
  await using influxd = await startInfluxd();
  await using directory = await scratch();
  const telemetry = { store: 'influx' as const, retention: '90d', influx: { url: influxd.url, database: 'away' } };
  await using rig = await startIngest(directory.path, { telemetry, devices, onMessage: async () => {} });
  const { program: stations } = await startProgram('ingest/publishers.ts', {});
  await using _stations = stations;
  const burst = { port: rig.ingest.address?.port ?? 0, ids, window: 100, messages: 1e6 };
  const report = (seconds: number) => stations.ask<BurstResult>({ ...burst, seconds, perSecond: messagesPerSecond });
  const from = Date.now() - 1_000;
  const before = await report(10);

  const rssBefore = process.memoryUsage().rss;
  await influxd.down();
  const downAt = performance.now();
  const isTold = () => rig.ingest.health().some(({ message }) => message?.includes('InfluxDB'));
  const during = [report(halfAwayMs / 1_000)];
  await until('the operator is told', isTold, 10_000);
  const toldMs = performance.now() - downAt;
  await during[0];
  during.push(report(halfAwayMs / 1_000));
  const away = await Promise.all(during);
  const acked = away.reduce((sum, half) => sum + half.acked, 0);
  const ackMs = away.flatMap((half) => half.ackMs);
  const grownMiB = (process.memoryUsage().rss - rssBefore) / 2 ** 20;
  await delay(1_000);
  const { outboxDepth: backlog } = await rig.ingest.counts();

  await influxd.up();
  // The next try may be half a minute away.
  await until('it goes on', async () => (await rig.ingest.counts()).outboxDepth < backlog, 60_000);
  const upAt = performance.now();
  await until('all forwarded', async () => (await rig.ingest.counts()).outboxDepth === 0, 120_000);
  const drainedPerSecond = backlog / ((performance.now() - upAt) / 1_000);
  const lost = before.acked + acked - (await storedReports(rig.ingest, from));
  const ackP99Ms = { before: quantile(before.ackMs, 0.99), away: quantile(ackMs, 0.99) };
  console.log('T03', { acked: before.acked + acked, lost, toldMs, ackP99Ms, grownMiB, backlog, drainedPerSecond });
  expect(lost).toBe(0);
  expect(backlog).toBeGreaterThan(100_000);
  expect(ackP99Ms.away).toBeLessThan(50);
  expect(grownMiB).toBeLessThan(100);
  expect(drainedPerSecond).toBeGreaterThan(5 * 4 * messagesPerSecond);
});
