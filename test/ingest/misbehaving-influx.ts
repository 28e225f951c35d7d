import { setTimeout as delay } from 'node:timers/promises';
import type { BurstResult } from '../../bench/ingest/publishers.ts';
import { type Program, startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { type InfluxKind, startInfluxBehind } from './influx-behind.ts';
import { InfluxFront, type Misbehaviour } from './influx-front.ts';
import { scratch, startIngest, until } from './rig.ts';

/** What a report of the bench's stations consists of. */
export const reported = ['visibility', 'temperature', 'wind', 'humidity'] as const;

export interface Ride {
  readonly behind: InfluxKind;
  readonly stations: number;
  /** Reports of all stations, of four points each. */
  readonly reportsPerSecond: number;
  /** Of good behaviour at first, and of each misbehaviour. */
  readonly goodSeconds: number;
  readonly faultSeconds: number;
  readonly misbehaviours: readonly Misbehaviour[];
}

/** What one kind of misbehaviour did. */
export interface Ridden {
  readonly misbehaviour: Misbehaviour;
  readonly acknowledged: number;
  readonly ackP99Ms: number;
  /** Acknowledged and not delivered a moment after the last report. */
  readonly undelivered: number;
  /** How long we waited for an answer each time. */
  readonly triesMs: readonly number[];
  /** Between the end of a try and the next one. */
  readonly pausesMs: readonly number[];
  readonly trouble: string | undefined;
  /** From good behaviour to nothing left to send. */
  readonly recoveredMs: number;
}

export interface WholeRide {
  /** Before any of it. */
  readonly goodAckP99Ms: number;
  readonly ridden: readonly Ridden[];
  readonly acknowledged: number;
  /** Reports of which a measurement is there other than once, summed over the four. */
  readonly off: number;
  /** Points of another value that were written over; known of ours only. */
  readonly overwritten: number;
  readonly deadLetters: number;
}

/** How many points of one measurement all devices have since `from`. */
export async function countStored(ingest: Ingest, ids: readonly string[], span: { measurement: string; from: number }) {
  const whole = { ...span, to: span.from + 3_600_000, everyMs: 3_600_000, limit: 10 };
  let stored = 0;
  // One after the other: half a million points counted for all of them at once are late on a busy machine.
  for (const device of ids) {
    const counted = await ingest.query({ device, ...whole });
    stored += counted.reduce((sum, row) => sum + ('count' in row ? row.count : 0), 0);
  }
  return stored;
}

/** Resolves when InfluxDB has all that was acknowledged before. */
export async function forwarded(ingest: Ingest, withinMs = 90_000): Promise<void> {
  // Points gather for a moment before they are in the outbox.
  await delay(1_000);
  await until('all forwarded', async () => (await ingest.counts()).outboxDepth === 0, withinMs);
}

/** Stations report at QoS 1 while InfluxDB misbehaves in one way after the other; then all of it is counted (T04). */
export async function rideOut(ride: Ride): Promise<WholeRide> {
  await using server = await startInfluxBehind(ride.behind);
  await using front = new InfluxFront(server.url);
  await using directory = await scratch();
  const ids = Array.from({ length: ride.stations }, (_, n) => `ws-${n}`);
  const delivered = { count: 0 };
  await using rig = await startIngest(directory.path, {
    telemetry: { store: 'influx', retention: '90d', influx: { ...server.login, url: await front.start() } },
    devices: ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const })),
    onMessage: async () => {
      delivered.count += 1;
    },
  });
  const { program: stations } = await startProgram('ingest/publishers.ts', {});
  await using _stations = stations;
  const from = Date.now() - 1_000;
  const riding = { ride, front, stations, ingest: rig.ingest, ids, delivered };
  const good = await burst(riding, ride.goodSeconds);
  await forwarded(rig.ingest);
  const ridden: Ridden[] = [];
  for (const misbehaviour of ride.misbehaviours) ridden.push(await rideOne(riding, misbehaviour));
  const acknowledged = ridden.reduce((sum, one) => sum + one.acknowledged, good.acked);
  let off = 0;
  for (const measurement of reported)
    off += Math.abs(acknowledged - (await countStored(rig.ingest, ids, { measurement, from })));
  const { deadLetters } = await rig.ingest.counts();
  return {
    goodAckP99Ms: quantile(good.ackMs, 0.99),
    ridden,
    acknowledged,
    off,
    overwritten: server.overwritten(),
    deadLetters,
  };
}

interface Riding {
  readonly ride: Ride;
  readonly front: InfluxFront;
  readonly stations: Program;
  readonly ingest: Ingest;
  readonly ids: readonly string[];
  readonly delivered: { readonly count: number };
}

function burst({ ride, stations, ingest, ids }: Riding, seconds: number): Promise<BurstResult> {
  const load = { port: ingest.address?.port ?? 0, ids, window: 100, messages: 1e6, perSecond: ride.reportsPerSecond };
  return stations.ask<BurstResult>({ ...load, seconds });
}

async function rideOne(riding: Riding, misbehaviour: Misbehaviour): Promise<Ridden> {
  const { ride, front, ingest, delivered } = riding;
  const before = delivered.count;
  front.tries = [];
  front.misbehaviour = misbehaviour;
  const { acked, ackMs } = await burst(riding, ride.faultSeconds);
  await until('all delivered', () => delivered.count - before >= acked, 1_000).catch(() => {});
  const undelivered = acked - (delivered.count - before);
  const { message: trouble } = ingest.health().find(({ name }) => name === 'telemetry') ?? {};
  const tries = front.tries.filter(({ endedAt }) => endedAt !== undefined);
  front.misbehaviour = undefined;
  const goodAt = performance.now();
  // The next try may be half a minute away.
  await forwarded(ingest);
  const recoveredMs = Math.round(performance.now() - goodAt);
  const triesMs = tries.map(({ at, endedAt = 0 }) => Math.round(endedAt - at));
  const pausesMs = tries.slice(1).map(({ at }, index) => Math.round(at - (tries[index]?.endedAt ?? at)));
  const ackP99Ms = quantile(ackMs, 0.99);
  return { misbehaviour, acknowledged: acked, ackP99Ms, undelivered, triesMs, pausesMs, trouble, recoveredMs };
}
