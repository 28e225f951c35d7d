import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { loginBare, startBroker } from './broker-rig.ts';
import { connectDevice, until } from './rig.ts';
import { watchSlowReaders } from './slow-readers.ts';

test('a frozen device, one that reads 1 KB a second and sessions of devices that are away cost others nothing (T28)', async () => {
  const seen = await watchSlowReaders({ away: 20, messages: 1_500, payloadBytes: 10_000 });
  expect(seen.healthyHeard).toBe(1_500);
  expect(seen.frozenConnected).toBe(true);
  expect(seen.slowHeard).toBeGreaterThan(0);
  expect(seen.dropped['not-reading'] ?? 0).toBeGreaterThan(500);
  expect(seen.dropped['session-full']).toBeGreaterThanOrEqual(20 * 1_390);
  expect(seen.waitingEach).toBeLessThanOrEqual(1_000);
  expect(seen.bytesEach).toBeLessThanOrEqual(1024 * 1024);
  expect(seen.warnings).toEqual(expect.arrayContaining(['not-reading', 'session-full']));
});

test('a device that reads again gets the newest, each whole', async () => {
  await using rig = await startBroker({ limits: { queue: { messages: 20, bytes: 1024 * 1024 } } });
  await using device = await loginBare(rig.port, 'xun7');
  const topic = 'tianliang/commands/xun7';
  device.socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] }));
  await until('subscribed', () => device.heard.some(({ cmd }) => cmd === 'suback'));
  device.socket.pause();
  const filler = 'x'.repeat(100_000);
  for (let n = 0; n < 200; n += 1) await rig.broker.publish(topic, `${n} ${filler}`, { qos: 1, retain: false });
  device.socket.resume();
  const numbers = () =>
    device.heard.filter(({ cmd }) => cmd === 'publish').map(({ payload }) => Number(String(payload).split(' ')[0]));
  await until('the newest', () => numbers().at(-1) === 199, 15_000);
  expect(numbers()).toEqual([...numbers()].sort((one, other) => one - other));
  expect(numbers().length + (rig.counters.refused['not-reading'] ?? 0)).toBe(200);
});

test('a device that is away for long finds the newest thousand, in order, and acknowledges them away', async () => {
  await using rig = await startBroker();
  const topic = 'tianliang/commands/xun7';
  const first = await connectDevice(rig.url, 'xun7', { clean: false });
  await first.client.subscribeAsync(topic, { qos: 1 });
  await first.client.endAsync();
  for (let n = 0; n < 1_200; n += 1) await rig.broker.publish(topic, `${n}`, { qos: 1, retain: false });
  expect([rig.broker.waiting, rig.counters.refused['session-full']]).toEqual([1_000, 200]);
  await using device = await loginBare(rig.port, 'xun7', { clean: false });
  await until('all', () => device.heard.length === 1_000, 15_000);
  expect(device.heard.map(({ payload }) => Number(String(payload)))).toEqual(
    Array.from({ length: 1_000 }, (_, n) => n + 200),
  );
  for (const { messageId = 0 } of device.heard) device.socket.write(generate({ cmd: 'puback', messageId }));
  await until('nothing waits', () => rig.broker.waiting === 0);
});

test('a clean connection ends its session, and a ninth session ends the one used longest ago', async () => {
  await using rig = await startBroker({ limits: { sessionsPerDevice: 2 } });
  const topic = 'tianliang/commands/xun7';
  for (const clientId of ['xun7', 'xun7:a', 'xun7:b']) {
    const device = await connectDevice(rig.url, 'xun7', { clean: false, clientId });
    await device.client.subscribeAsync(topic, { qos: 1 });
    await device.client.endAsync();
  }
  expect(rig.counters.refused['too-many-sessions']).toBe(1);
  await rig.broker.publish(topic, 'x', { qos: 1, retain: false });
  expect(rig.broker.waiting).toBe(2);
  const again = await connectDevice(rig.url, 'xun7', { clean: true, clientId: 'xun7:b' });
  await again.client.endAsync();
  expect(rig.broker.waiting).toBe(1);
});

test('a connection holds 32 filters; one more is refused, another instead of one is not', async () => {
  await using rig = await startBroker();
  await using device = await connectDevice(rig.url, 'xun7');
  const filter = (n: number) => `tianliang/terminals/xun7/f${n}`;
  for (let n = 0; n < 32; n += 1) await device.client.subscribeAsync(filter(n), { qos: 1 });
  await expect(device.client.subscribeAsync(filter(32), { qos: 1 })).rejects.toThrow(/unspecified/i);
  await device.client.unsubscribeAsync(filter(0));
  await device.client.subscribeAsync(filter(32), { qos: 1 });
  expect(rig.counters.refused).toEqual({ 'too-many-subscriptions': 1 });
});
