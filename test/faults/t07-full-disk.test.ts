import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { tempDir } from '../helpers/temp-dir.ts';
import { startIngest, until } from '../ingest/rig.ts';
import { run } from '../streams/clips.ts';

/** What recovers is the disk: a device's own limits would let it send what waits for a minute. */
const unlimited = { messagesPerSecond: 100_000, bytesPerSecond: 1e9 };
const diskBytes = 50 * 1024 * 1024;
/** What fits into the rest of the spool fits into all of the disk as series, which are larger. */
const filler = 40 * 1024 * 1024;
/** Messages on their way: what is sent while a slow machine finds its disk full must fit into what is freed. */
const window = 2_000;

/** A disk of 50 MB of its own (root only). */
async function smallDisk() {
  const directory = await tempDir();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', directory.path]);
  const stop = async () => {
    await run('umount', ['-l', directory.path]);
    await directory[Symbol.asyncDispose]();
  };
  return { path: directory.path, [Symbol.asyncDispose]: stop };
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

async function pace(sent: number, underway: number): Promise<void> {
  if (underway > window) await delay(5);
  else if (sent % 20 === 0) await delay(1);
}

test('T07: the disk fills up and is freed again: what was acknowledged is there, and it goes on by itself', async () => {
  await using disk = await smallDisk();
  await writeFile(join(disk.path, 'filler'), Buffer.alloc(filler));
  const mqttOptions = { embedded: { host: '127.0.0.1', port: 0, limits: unlimited } };
  await using rig = await startIngest(disk.path, { onMessage: async () => {}, mqtt: mqttOptions });
  const login = { clientId: 'ws01', username: 'ws01', password: 'ws01-secret' };
  await using client = await mqtt.connectAsync(rig.url, login).then((connected) => ({
    publish: (n: number, at: string) => {
      // Text fills the spool, and numbers the series.
      const values = Object.fromEntries(Array.from({ length: 60 }, (_, k) => [`value${k}`, n + k / 100]));
      return connected.publishAsync('tianliang/sensors/ws01/reading', JSON.stringify({ at, values }), { qos: 1 });
    },
    [Symbol.asyncDispose]: async () => await connected.endAsync(true),
  }));
  const t0 = Date.now() - 3_600_000;
  const acknowledged = new Set<number>();
  let sent = 0;
  const publishOne = () => {
    const n = sent;
    sent += 1;
    return client.publish(n, new Date(t0 + n).toISOString()).then(() => acknowledged.add(n));
  };
  const isFull = () => rig.ingest.health().some(({ message }) => message?.includes('full'));
  const waiting: Promise<unknown>[] = [];
  while (!isFull() && sent < 200_000) {
    waiting.push(publishOne());
    await pace(sent, sent - acknowledged.size);
  }
  const atFull = { sent, acknowledged: acknowledged.size, freeBytes: await freeBytes(disk.path) };
  // Nothing is acknowledged that is not on disk, and nothing falls over.
  await delay(3_000);
  const late = { acknowledged: acknowledged.size, healthy: !isFull() };
  await rm(join(disk.path, 'filler'));
  const freedAt = performance.now();
  await Promise.all(waiting);
  await until('well again', () => rig.ingest.health().every(({ status }) => status === 'ok'), 30_000);
  const recoveredMs = performance.now() - freedAt;
  const stored = new Set<number>();
  for (let after = t0; ; ) {
    const span = { from: after, to: t0 + 3_600_000, limit: 1_000 };
    const rows = await rig.ingest.query({ device: 'ws01', measurement: 'value0', ...span });
    for (const { at } of rows) stored.add(at - t0);
    if (rows.length < 1_000) break;
    after = (rows.at(-1)?.at ?? 0) + 1;
  }
  const lost = [...acknowledged].filter((n) => !stored.has(n)).length;
  console.log('T07', { atFull, late, recoveredMs, acknowledged: acknowledged.size, stored: stored.size, lost });
  expect(late.healthy).toBe(false);
  expect([lost, acknowledged.size]).toEqual([0, sent]);
  expect(recoveredMs).toBeLessThan(30_000);
});
