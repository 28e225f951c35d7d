import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { scratch, startIngest, until } from './rig.ts';

/** What a terminal may say is not what the disk can take. */
const unlimited = { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000 };

test('ten publishers at QoS 1, each message on disk before its PUBACK', { timeout: 120_000 }, async () => {
  await using directory = await scratch();
  const ids = Array.from({ length: 10 }, (_, n) => `p${n}`);
  const devices = ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const }));
  let delivered = 0;
  const onMessage = async () => {
    delivered += 1;
  };
  await using rig = await startIngest(directory.path, {
    devices,
    onMessage,
    mqtt: { embedded: { host: '127.0.0.1', port: 0, limits: unlimited } },
  });
  const script = new URL('./publisher-process.ts', import.meta.url).pathname;
  const args = [script, String(rig.ingest.address?.port), '2000', '100', ...ids];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const { acked, ms } = JSON.parse(output);
  expect(acked).toBe(20_000);
  await until('all delivered', () => delivered === 20_000, 30_000);
  // biome-ignore lint/suspicious/noConsole: the number is what the test is for
  console.info(`MQTT QoS 1 to durable: ${Math.round((acked / ms) * 1_000)} messages/s`);
  expect(acked / ms).toBeGreaterThan(1);
});
