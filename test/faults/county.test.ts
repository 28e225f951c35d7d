import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureUse } from '../../bench/process-use.ts';
import { type Program, startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import { until } from '../ingest/rig.ts';
import type { CountyDevicesSeen, CountyQuestion } from './county/county-devices.ts';
import { placeOf } from './county/county-report.ts';
import { type CountySeat, openCountySeat } from './county/county-seat.ts';
import { idsOf, startCounty } from './county/county-site.ts';

const size = { terminals: 1_436, stations: 14, sensors: 500 };
const seconds = Number(env.COUNTY_SECONDS ?? 600);
/** Until caches and V8's generations have the size that they keep. */
const warmUpSeconds = 15;
const sliceSeconds = 5;
/** What each kind of device says once a report. */
const counted = { terminal: 'lat', station: 'visibility', sensor: 'level' } as const;

const residentMiB = (pid: number) => {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Slice {
  readonly cpuPercent: number;
  readonly rssMiB: number;
  readonly ackMs: readonly number[];
}

async function measure(devices: Program, pid: number): Promise<Slice> {
  const question: CountyQuestion = { seconds: sliceSeconds };
  const [{ cpuPercent }, { ackMs }] = await Promise.all([
    measureUse([pid], sliceSeconds),
    devices.ask<CountyDevicesSeen>(question),
  ]);
  return { cpuPercent, rssMiB: residentMiB(pid), ackMs };
}

/** How many reports of each device are stored. */
function storedReports(file: string): Map<string, number> {
  const database = new DatabaseSync(file, { readOnly: true });
  const names = Object.values(counted).map((name) => `'${name}'`);
  const sql = `SELECT device, count(*) AS n FROM series JOIN points ON points.series = series.id
               WHERE measurement IN (${names}) GROUP BY device`;
  const rows = database.prepare(sql).all();
  database.close();
  return new Map(rows.map(({ device, n }) => [String(device), Number(n)]));
}

/** Units whose last place on the seat's map is not the last they reported. */
function behind(seat: CountySeat, acked: readonly number[]): string[] {
  return idsOf({ ...size, stations: 0, sensors: 0 }).filter((id, index) => {
    const { lat, lon } = placeOf(index, acked[index] ?? 0);
    const shown = seat.units.get(id)?.unit.position;
    return Math.abs((shown?.lat ?? 0) - lat) > 1e-6 || Math.abs((shown?.lon ?? 0) - lon) > 1e-6;
  });
}

test(`a county of ${size.terminals + size.stations + size.sensors} devices, once a second each, for ${seconds} s`, async () => {
  await using server = await startCounty(size);
  await using seat = await openCountySeat(await server.seat());
  const options = { ...size, port: server.mqttPort };
  const { program: devices } = await startProgram('../test/faults/county/county-devices.ts', options);
  await using _devices = devices;
  await devices.ask<CountyDevicesSeen>({ seconds: warmUpSeconds });
  const startedAt = performance.now();
  const [framesBefore, bytesBefore] = [seat.frames, seat.bytes];
  const fastBefore = seat.units.get('terminal-0')?.told ?? 0;
  const slices: Slice[] = [];
  for (let n = 0; n < seconds / sliceSeconds; n += 1) slices.push(await measure(devices, server.pid));
  const tookSeconds = (performance.now() - startedAt) / 1_000;
  const framesPerSecond = (seat.frames - framesBefore) / tookSeconds;
  const kibPerSecond = (seat.bytes - bytesBefore) / 1_024 / tookSeconds;
  const fastPerSecond = ((seat.units.get('terminal-0')?.told ?? 0) - fastBefore) / tookSeconds;
  const { acked = [] } = await devices.ask<CountyDevicesSeen>({ seconds: 0, stop: true });

  const acknowledged = acked.reduce((sum, count) => sum + count, 0);
  const total = () => [...storedReports(server.telemetryFile).values()].reduce((sum, count) => sum + count, 0);
  await until('all stored', () => total() >= acknowledged, 30_000).catch(() => {});
  await delay(1_000);
  const stored = storedReports(server.telemetryFile);
  const lost = idsOf(size).reduce((sum, id, index) => sum + (acked[index] ?? 0) - (stored.get(id) ?? 0), 0);
  const late = behind(seat, acked);
  const ackMs = slices.flatMap((slice) => slice.ackMs);
  const half = Math.floor(slices.length / 2);
  const rss = slices.map(({ rssMiB }) => rssMiB);
  const [third, fourth] = [rss.slice(half, half + half / 2), rss.slice(half + half / 2)];
  const cpuPercent = mean(slices.map((slice) => slice.cpuPercent));
  const grownMiB = mean(fourth) - mean(third);
  console.log('county', {
    acknowledged,
    lost,
    cpuPercent,
    rssMiB: { first: rss[0], middle: rss[half], last: rss.at(-1) },
    grownMiB,
    ackMs: { p50: quantile(ackMs, 0.5), p99: quantile(ackMs, 0.99), most: quantile(ackMs, 1) },
    seat: { framesPerSecond, kibPerSecond, fastPerSecond, late: late.length },
  });
  expect(lost).toBe(0);
  expect(seat.closedWith).toBeUndefined();
  expect(late).toEqual([]);
  // A frame each 250 ms, and of a terminal that says ten things a second no more than there are frames.
  expect(framesPerSecond).toBeLessThan(4.5);
  expect(fastPerSecond).toBeLessThan(4.5);
  expect(fastPerSecond).toBeGreaterThan(1);
  // From the third quarter to the fourth; a leak of 1 KiB a message would be 290 MiB.
  expect(grownMiB).toBeLessThan(20);
  expect(cpuPercent).toBeLessThan(40);
});
