import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { SqliteTelemetryStore } from '../../src/ingest/telemetry/sqlite-telemetry-store.ts';
import { TelemetryThread } from '../../src/ingest/telemetry/telemetry-thread.ts';
import { scratch, until } from './rig.ts';

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

test('killed five times in a burst: what was acknowledged is stored once, and every SOS is delivered (T01)', {
  timeout: 90_000,
}, async () => {
  await using directory = await scratch();
  let running = await startChild(directory.path, 0);
  const { port } = running;
  let publishing = true;
  const acked = { readings: new Set<string>(), sos: new Set<string>() };
  const clients = ids.map((id) =>
    mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      clientId: id,
      username: id,
      password: `${id}-secret`,
      reconnectPeriod: 50,
      clean: true,
    }),
  );
  for (const client of clients) client.on('error', () => {});

  const burst = ids.map(async (id, index) => {
    const client = clients[index];
    for (let n = 0; publishing && client; n += 1) {
      const at = new Date(t0 + n).toISOString();
      const position = JSON.stringify({ at, lat: 27 + n / 1e5, lon: 105.3 });
      await client.publishAsync(`tianliang/terminals/${id}/position`, position, { qos: 1 });
      acked.readings.add(`${id} ${n}`);
      if (n % 10 > 0) continue;
      await client.publishAsync(`tianliang/terminals/${id}/sos`, JSON.stringify({ at, text: `${id}-${n}` }), {
        qos: 1,
      });
      acked.sos.add(`${id}-${n}`);
    }
  });

  for (let life = 1; life <= lives; life += 1) {
    const before = acked.readings.size;
    await until('a burst', () => acked.readings.size > before + 150, 30_000);
    const exited = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await exited;
    running = await startChild(directory.path, port);
  }
  await until('the last burst', () => clients.every(({ connected }) => connected), 10_000);
  publishing = false;
  await Promise.all(burst);
  await Promise.all(clients.map((client) => client.endAsync(true)));
  const delivered = async () => (await readFile(join(directory.path, 'delivered.log'), 'utf8')).trim().split('\n');
  await until('every SOS', async () => new Set(await delivered()).size >= acked.sos.size, 10_000);
  const exited = once(running.child, 'exit');
  running.child.kill('SIGKILL');
  await exited;

  const texts = new Set((await delivered()).map((line) => line.split(' ')[1]));
  expect([...acked.sos].filter((text) => !texts.has(text))).toEqual([]);
  // One key a press: the desk, which goes by the key, raises one alert however often it is told.
  expect(new Set(await delivered()).size).toBe(texts.size);

  const thread = await TelemetryThread.open({ path: join(directory.path, 'telemetry.sqlite'), outbox: false });
  const store = new SqliteTelemetryStore(thread);
  for (const id of ids) {
    const wanted = [...acked.readings].filter((key) => key.startsWith(`${id} `)).length;
    const stored = new Map<number, number>();
    for (let from = t0; ; ) {
      const rows = await store.query({ device: id, measurement: 'lat', from, to: t0 + 3_600_000, limit: 1_000 });
      for (const { at } of rows) stored.set(at, (stored.get(at) ?? 0) + 1);
      if (rows.length < 1_000) break;
      from = (rows.at(-1)?.at ?? 0) + 1;
    }
    expect(stored.size).toBeGreaterThanOrEqual(wanted);
    expect([...stored.values()].filter((times) => times > 1)).toEqual([]);
    for (let n = 0; n < wanted; n += 1) expect(stored.has(t0 + n)).toBe(true);
  }
  await thread.close();
});
