import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { scratch, startIngest, until } from './rig.ts';

const t0 = Date.now() - 3_600_000;

export interface Killing {
  readonly devices: number;
  /** How often the server is killed. */
  readonly kills: number;
  /** So many are acknowledged between two kills, at least. */
  readonly between: number;
  /** Of each device, at most. */
  readonly perSecond?: number;
}

/** What became of what was acknowledged, over all lives of the server. */
export interface Killed {
  readonly acknowledged: number;
  readonly missing: number;
  readonly doubled: number;
  readonly calls: number;
  readonly callsMissing: number;
  /** One key a press, so that the desk, which goes by the key, raises one alert. */
  readonly callsDoubled: number;
  readonly slowestReadyMs: number;
}

interface Life {
  readonly child: ChildProcess;
  readonly port: number;
  readonly readyMs: number;
}

async function startLife(directory: string, ids: readonly string[], port: number): Promise<Life> {
  const startedAt = performance.now();
  const script = new URL('./ingest-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, directory, String(port), ids.join(',')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout ?? child, 'data');
  return { child, port: Number(String(line)), readyMs: performance.now() - startedAt };
}

interface Acknowledged {
  readonly positions: Map<string, number>;
  readonly sos: Set<string>;
}

interface Pace {
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Publishes one after the other until told to stop; counts only what was acknowledged. */
async function burst(client: MqttClient, acked: Acknowledged, { everyMs, signal }: Pace): Promise<void> {
  const id = String(client.options.clientId);
  for (let n = 0; !signal.aborted; n += 1) {
    if (everyMs > 0) await delay(everyMs);
    const at = new Date(t0 + n).toISOString();
    const position = JSON.stringify({ at, lat: 27 + n / 1e5, lon: 105.3 });
    await client.publishAsync(`tianliang/terminals/${id}/position`, position, { qos: 1 });
    acked.positions.set(id, n + 1);
    if (n % 10 > 0) continue;
    const text = `${id}-${n}`;
    await client.publishAsync(`tianliang/terminals/${id}/sos`, JSON.stringify({ at, text }), { qos: 1 });
    acked.sos.add(text);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** How often each position of a device is stored, by its number. */
async function storedPositions(ingest: Ingest, device: string): Promise<Map<number, number>> {
  const stored = new Map<number, number>();
  for (let from = t0; ; ) {
    const rows = await ingest.query({ device, measurement: 'lat', from, to: t0 + 3_600_000, limit: 1_000 });
    for (const { at } of rows) stored.set(at - t0, (stored.get(at - t0) ?? 0) + 1);
    if (rows.length < 1_000) return stored;
    from = (rows.at(-1)?.at ?? 0) + 1;
  }
}

const total = ({ positions }: Acknowledged) => [...positions.values()].reduce((sum, count) => sum + count, 0);

/** Kills the server again and again while devices publish at QoS 1 and send again what was not acknowledged (T01). */
export async function killInBurst({ devices, kills, between, perSecond }: Killing): Promise<Killed> {
  await using directory = await scratch();
  const ids = Array.from({ length: devices }, (_, n) => `k${n}`);
  let life = await startLife(directory.path, ids, 0);
  const { port } = life;
  const acked: Acknowledged = { positions: new Map(), sos: new Set() };
  const stop = new AbortController();
  const pace = { everyMs: perSecond === undefined ? 0 : 1_000 / perSecond, signal: stop.signal };
  const clients = ids.map((id) => {
    const login = { clientId: id, username: id, password: `${id}-secret`, reconnectPeriod: 50 };
    return mqtt.connect(`mqtt://127.0.0.1:${port}`, login).on('error', () => {});
  });
  const bursts = clients.map((client) => burst(client, acked, pace));
  let slowestReadyMs = 0;
  for (let killed = 0; killed < kills; killed += 1) {
    const wanted = total(acked) + between * (1 + Math.random());
    await until('a burst', () => total(acked) > wanted, 60_000);
    await kill(life.child);
    life = await startLife(directory.path, ids, port);
    slowestReadyMs = Math.max(slowestReadyMs, life.readyMs);
  }
  await until('all back', () => clients.every(({ connected }) => connected), 30_000);
  stop.abort();
  await Promise.all(bursts);
  await Promise.all(clients.map((client) => client.endAsync(true)));
  const calls = await deliveredCalls(directory.path, acked.sos.size);
  await kill(life.child);
  return { ...(await countStored(directory.path, acked)), ...countCalls(acked, calls), slowestReadyMs };
}

/** The text of each call for help as it was delivered, over all lives. */
async function deliveredCalls(directory: string, expected: number): Promise<string[]> {
  const lines = async () => {
    const text = await readFile(join(directory, 'delivered.log'), 'utf8');
    return [...new Set(text.trim().split('\n'))];
  };
  await until('every SOS', async () => (await lines()).length >= expected, 30_000);
  return (await lines()).map((line) => line.split(' ')[1] ?? '');
}

function countCalls({ sos }: Acknowledged, delivered: readonly string[]) {
  const texts = new Set(delivered);
  const callsMissing = [...sos].filter((text) => !texts.has(text)).length;
  return { calls: sos.size, callsMissing, callsDoubled: delivered.length - texts.size };
}

/** Points still in the spool when the last one was killed are stored by the next. */
async function countStored(directory: string, { positions }: Acknowledged) {
  await using last = await startIngest(directory);
  let [acknowledged, missing, doubled] = [0, 0, 0];
  for (const [id, count] of positions) {
    const stored = await storedPositions(last.ingest, id);
    acknowledged += count;
    for (let n = 0; n < count; n += 1) if (!stored.has(n)) missing += 1;
    for (const times of stored.values()) doubled += times - 1;
  }
  return { acknowledged, missing, doubled };
}
