import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { BurstResult } from '../../bench/ingest/publishers.ts';
import { startProgram } from '../../bench/program.ts';
import { quantile } from '../../bench/report.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { type InfluxKind, startInfluxBehind } from './influx-behind.ts';
import { InfluxFront } from './influx-front.ts';
import { countStored, forwarded, reported } from './misbehaving-influx.ts';
import { connectDevice, now, scratch, startIngest, type TestDevice } from './rig.ts';

export interface Poisoning {
  readonly behind: InfluxKind;
  readonly stations: number;
  /** Of all stations, of four points each. */
  readonly reportsPerSecond: number;
  readonly seconds: number;
}

const values = (text: string) => `{"at":"${now()}","values":${text}}`;

/** What ingest must refuse, since no store of numbers can take it, and the reason it has to give. */
export const poisons: readonly (readonly [what: string, reason: string, payload: () => Uint8Array])[] = [
  ['NaN', 'not-json', () => Buffer.from(values('{"visibility":NaN}'))],
  ['infinity', 'not-json', () => Buffer.from(values('{"visibility":-Infinity}'))],
  ['1e999', 'wrong-payload', () => Buffer.from(values('{"visibility":1e999}'))],
  ['a huge string', 'wrong-payload', () => Buffer.from(values(`{"visibility":"${'9'.repeat(50_000)}"}`))],
  ['a string', 'wrong-payload', () => Buffer.from(values('{"visibility":"180"}'))],
  ['true', 'wrong-payload', () => Buffer.from(values('{"visibility":true}'))],
  ['a line feed in a name', 'wrong-payload', () => Buffer.from(values('{"visibility\\nwind,device=ws-0 value":1}'))],
  ['a name of another field', 'wrong-payload', () => Buffer.from(values('{"visibility value=1i 1":1}'))],
  ['a byte \\xff in a name', 'not-utf8', () => Buffer.from(values('{"visib\u00ffility":1}'), 'latin1')],
];

/** A measurement that somebody else was first to write to InfluxDB, as text. */
const stolen = 'door';
/** Of a device whose clock stands in 1970: older than what InfluxDB keeps. */
const ancient = 'fog';

/**
 * Stations report at QoS 1 while another device sends poison: what no store can take, and, beside a good value, one of
 * which InfluxDB will not take the type, and one it will not take the time of (T05).
 */
export async function poison({ behind, stations: many, reportsPerSecond: perSecond, seconds }: Poisoning) {
  await using server = await startInfluxBehind(behind);
  await server.write(`${stolen},device=stranger value="open" ${Date.now()}000000`);
  await using front = new InfluxFront(server.url);
  const tries = countTries(front);
  await using directory = await scratch();
  const ids = Array.from({ length: many }, (_, n) => `ws-${n}`);
  await using rig = await startIngest(directory.path, {
    telemetry: { store: 'influx', retention: '90d', influx: { ...server.login, url: await front.start() } },
    devices: [...ids, 'bad'].map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const })),
    mqtt: { embedded: { host: '127.0.0.1', port: 0, limits: { messagesPerSecond: 1_000, bytesPerSecond: 1e7 } } },
  });
  const { program: stations } = await startProgram('ingest/publishers.ts', {});
  await using _stations = stations;
  await using bad = await connectDevice(rig.url, 'bad');
  const from = Date.now() - 1_000;
  const port = rig.ingest.address?.port ?? 0;
  const burst = stations.ask<BurstResult>({ port, ids, window: 100, messages: 1e6, seconds, perSecond });
  const letters = watchLetters(rig.ingest);
  const bads = await sendPoison({ bad, seconds, hasPast: behind === 'InfluxDB 1.x' });
  const { acked, ackMs } = await burst;
  await forwarded(rig.ingest);
  const buriedAt = await letters.stop();
  const waits = bads.ackedAt.map((ackedAt, n) => (buriedAt[n] ?? Number.POSITIVE_INFINITY) - ackedAt);
  let off = Math.abs(bads.rounds - (await countStored(rig.ingest, ['bad'], { measurement: 'wind', from })));
  for (const measurement of reported)
    off += Math.abs(acked - (await countStored(rig.ingest, ids, { measurement, from })));
  return {
    acknowledged: acked + bads.rounds,
    off,
    rounds: bads.rounds,
    expectedLetters: bads.ackedAt.length,
    letters: readLetters(directory.path),
    /** From a message's acknowledgement to the dead letter. */
    lettersMs: { median: quantile(waits, 0.5), p95: quantile(waits, 0.95), slowest: quantile(waits, 1) },
    ackMs: { p99: quantile(ackMs, 0.99), slowest: quantile(ackMs, 1) },
    mostTries: Math.max(...tries.values()),
    refused: rig.ingest.counters.refused,
    samples: Object.values(rig.ingest.counters.samples).flat(),
    trouble: rig.ingest.health().find(({ status }) => status !== 'ok')?.message,
  };
}

/** How often each point that InfluxDB will never take was sent to it. */
function countTries(front: InfluxFront): Map<string, number> {
  const tries = new Map<string, number>();
  front.watch = (lines) => {
    for (const line of lines)
      if (line.startsWith(stolen) || line.startsWith(ancient)) tries.set(line, (tries.get(line) ?? 0) + 1);
  };
  return tries;
}

interface PoisonRun {
  readonly bad: TestDevice;
  readonly seconds: number;
  /** Whether the server forgets what is old. */
  readonly hasPast: boolean;
}

/** A few rounds a second; answers when each point for the dead letters was acknowledged. */
async function sendPoison({ bad, seconds, hasPast }: PoisonRun) {
  const endsAt = performance.now() + seconds * 1_000;
  const ackedAt: number[] = [];
  const topic = 'tianliang/sensors/bad/reading';
  let rounds = 0;
  for (; performance.now() < endsAt; rounds += 1) {
    for (const [, , payload] of poisons) await bad.client.publishAsync(topic, Buffer.from(payload()), { qos: 1 });
    await bad.publish(topic, { at: now(), values: { wind: rounds, [stolen]: rounds } });
    ackedAt.push(performance.now());
    if (hasPast) {
      await bad.publish(topic, { at: new Date(rounds).toISOString(), values: { [ancient]: rounds } });
      ackedAt.push(performance.now());
    }
    await delay(200);
  }
  return { rounds, ackedAt };
}

/** When each dead letter was there, oldest first. */
function watchLetters(ingest: Ingest) {
  const buriedAt: number[] = [];
  const look = async () => {
    const { deadLetters } = await ingest.counts();
    while (buriedAt.length < deadLetters) buriedAt.push(performance.now());
  };
  const looking = setInterval(() => void look(), 50);
  const stop = async () => {
    clearInterval(looking);
    await look();
    return buriedAt;
  };
  return { stop };
}

function readLetters(directory: string): { device: string; reason: string; body: string }[] {
  const database = new DatabaseSync(join(directory, 'spool.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT device, reason, body FROM dead_letters ORDER BY id').all();
  database.close();
  return rows.map(({ device, reason, body }) => ({
    device: String(device),
    reason: String(reason),
    body: String(body),
  }));
}
