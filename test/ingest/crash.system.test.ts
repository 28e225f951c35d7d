import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { scratch, startIngest, until } from './rig.ts';

const ids = ['k0', 'k1', 'k2', 'k3', 'k4'];
const lives = 5;
const t0 = Date.now() - 3_600_000;

async function startChild(directory: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const script = new URL('./ingest-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, directory, String(port), ids.join(',')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout ?? child, 'data');
  return { child, port: Number(String(line)) };
}

interface Acknowledged {
  readonly positions: Map<string, number>;
  readonly sos: Set<string>;
}

/** Publishes one after the other until told to stop; counts only what was acknowledged. */
async function burst(client: MqttClient, acked: Acknowledged, signal: AbortSignal): Promise<void> {
  const id = String(client.options.clientId);
  for (let n = 0; !signal.aborted; n += 1) {
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

test('killed five times in a burst: what was acknowledged is stored once, and every SOS is delivered (T01)', async () => {
  await using directory = await scratch();
  let running = await startChild(directory.path, 0);
  const { port } = running;
  const acked: Acknowledged = { positions: new Map(), sos: new Set() };
  const stop = new AbortController();
  const clients = ids.map((id) => {
    const login = { clientId: id, username: id, password: `${id}-secret`, reconnectPeriod: 50 };
    return mqtt.connect(`mqtt://127.0.0.1:${port}`, login).on('error', () => {});
  });
  const bursts = clients.map((client) => burst(client, acked, stop.signal));
  for (let life = 1; life <= lives; life += 1) {
    const before = total(acked);
    await until('a burst', () => total(acked) > before + 150, 30_000);
    await kill(running.child);
    running = await startChild(directory.path, port);
  }
  await until('all back', () => clients.every(({ connected }) => connected), 10_000);
  stop.abort();
  await Promise.all(bursts);
  await Promise.all(clients.map((client) => client.endAsync(true)));
  const delivered = async () =>
    new Set((await readFile(join(directory.path, 'delivered.log'), 'utf8')).trim().split('\n'));
  await until('every SOS', async () => (await delivered()).size >= acked.sos.size, 10_000);
  await kill(running.child);

  // A line is a key and a text: one key a press, so that the desk, which goes by the key, raises one alert.
  const texts = [...(await delivered())].map((line) => line.split(' ')[1]);
  expect([...acked.sos].filter((text) => !texts.includes(text))).toEqual([]);
  expect(new Set(texts).size).toBe(texts.length);

  // Points still in the spool when the last one was killed are stored by the next.
  await using last = await startIngest(directory.path);
  for (const [id, count] of acked.positions) {
    const stored = await storedPositions(last.ingest, id);
    expect(Array.from({ length: count }, (_, n) => n).filter((n) => stored.get(n) !== 1)).toEqual([]);
  }
}, 90_000);
