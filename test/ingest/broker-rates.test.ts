import { describe, expect, test } from 'vitest';
import { DeviceRates } from '../../src/ingest/broker/device-rates.ts';
import { TokenBucket } from '../../src/ingest/broker/token-bucket.ts';
import { startBroker } from './broker-rig.ts';
import { connectDevice, now, until } from './rig.ts';

const position = () => ({ at: now(), lat: 27.3, lon: 105.3 });
const rates = { messagesPerSecond: 20, burstSeconds: 1 };

describe('a bucket', () => {
  test('gives at once what it holds, then at its rate', () => {
    const bucket = new TokenBucket(10, { most: 20, now: 0 });
    bucket.spend(20);
    expect([bucket.waitMs(1, 0), bucket.waitMs(1, 50), bucket.waitMs(1, 100)]).toEqual([100, 50, 0]);
  });

  test('is never fuller than full, and what is overdrawn is paid back first', () => {
    const bucket = new TokenBucket(10, { most: 20, now: 0 });
    expect(bucket.waitMs(20, 3_600_000)).toBe(0);
    bucket.spend(50);
    expect(bucket.waitMs(1, 3_600_000)).toBeCloseTo(3_100);
  });

  test('a device has one for messages and one for bytes, and what it may not is not taken', () => {
    const limits = new DeviceRates({ messagesPerSecond: 10, bytesPerSecond: 1_000, burstSeconds: 1 });
    const at = { now: 0, patienceMs: 0 };
    expect(limits.take('xun7', 900, at)).toBe(0);
    expect(limits.take('xun7', 900, at)).toBeUndefined();
    expect(limits.take('xun7', 100, at)).toBe(0);
    expect(limits.take('xun1', 900, at)).toBe(0);
    expect(limits.take('xun7', 500, { now: 0, patienceMs: 1_000 })).toBe(500);
  });
});

test('at QoS 0 what is too much is left out and counted; another device does not notice', async () => {
  await using rig = await startBroker({ rates });
  await using loud = await connectDevice(rig.url, 'xun7');
  await using calm = await connectDevice(rig.url, 'xun1');
  for (let n = 0; n < 200; n += 1) loud.client.publish('tianliang/terminals/xun7/position', JSON.stringify(position()));
  for (let n = 0; n < 20; n += 1) await calm.publish('tianliang/terminals/xun1/position', position());
  const { accepted, refused } = rig.counters;
  await until('all seen', () => {
    const { accepted: all, refused: over } = rig.counters;
    return (all.position ?? 0) + (over['over-rate'] ?? 0) === 220;
  });
  expect(refused['over-rate'] ?? rig.counters.refused['over-rate']).toBeGreaterThan(100);
  expect(accepted.position).toBeGreaterThanOrEqual(20);
  await until('said', () => rig.lines.some(({ facts }) => facts.reason === 'over-rate'));
  expect(loud.client.connected).toBe(true);
});

test('at QoS 1 what is too much waits unread and unacknowledged, and none is lost', async () => {
  await using rig = await startBroker({ rates });
  await using loud = await connectDevice(rig.url, 'xun7');
  await using calm = await connectDevice(rig.url, 'xun1');
  let acknowledged = 0;
  const startedAt = performance.now();
  const all = Array.from({ length: 60 }, () =>
    loud.publish('tianliang/terminals/xun7/position', position()).then(() => {
      acknowledged += 1;
      expect(rig.counters.accepted.position).toBeGreaterThanOrEqual(acknowledged);
    }),
  );
  for (let n = 0; n < 15; n += 1)
    await calm.publish('tianliang/sensors/xun1/reading', { at: now(), values: { wind: n } });
  expect(acknowledged).toBeLessThan(60);
  await Promise.all(all);
  expect(performance.now() - startedAt).toBeGreaterThan(1_800);
  expect(rig.counters.accepted.position).toBe(60);
  expect(rig.counters.refused).toEqual({});
});

test('two connections of a device share its rate', async () => {
  await using rig = await startBroker({ rates: { messagesPerSecond: 1, burstSeconds: 10 } });
  await using one = await connectDevice(rig.url, 'xun7');
  await using two = await connectDevice(rig.url, 'xun7', { clientId: 'xun7:two' });
  for (const { client } of [one, two])
    for (let n = 0; n < 10; n += 1)
      client.publish('tianliang/terminals/xun7/position', JSON.stringify(position()), { qos: 0 });
  await until('all seen', () => {
    const { accepted, refused } = rig.counters;
    return (accepted.position ?? 0) + (refused['over-rate'] ?? 0) === 20;
  });
  expect(rig.counters.refused['over-rate']).toBeGreaterThanOrEqual(5);
});

test('a call for help does not wait behind positions that do', async () => {
  await using rig = await startBroker({ rates: { messagesPerSecond: 1, burstSeconds: 1 } });
  await using device = await connectDevice(rig.url, 'xun7');
  let positions = 0;
  for (let n = 0; n < 10; n += 1)
    device.publish('tianliang/terminals/xun7/position', position()).then(
      () => {
        positions += 1;
      },
      () => {},
    );
  await device.publish('tianliang/terminals/xun7/sos', {});
  expect(rig.counters.accepted.sos).toBe(1);
  expect(positions).toBeLessThan(10);
});

test('who would wait over half a minute is cut off, and what was not saved is not acknowledged', async () => {
  await using rig = await startBroker({ rates: { messagesPerSecond: 1, burstSeconds: 1 } });
  await using device = await connectDevice(rig.url, 'xun7');
  let acknowledged = 0;
  for (let n = 0; n < 40; n += 1)
    device.publish('tianliang/terminals/xun7/position', position()).then(
      () => {
        acknowledged += 1;
      },
      () => {},
    );
  await until('cut off', () => !device.client.connected);
  expect(acknowledged).toBeLessThanOrEqual(rig.counters.accepted.position ?? 0);
  expect(rig.counters.refused['over-rate']).toBeGreaterThan(0);
});
