import { expect, test } from 'vitest';
import { devices, startBroker } from './broker-rig.ts';
import { attackBroker } from './foreign-ears.ts';
import { connectDevice, now, until } from './rig.ts';

const without = (id: string) => devices.filter((device) => device.id !== id);
const command = 'tianliang/commands/xun7';

test('a device struck off loses what was queued for it and what it retained, also for its successor (T26)', async () => {
  await using rig = await startBroker();
  const away = await connectDevice(rig.url, 'xun7', { clean: false });
  await away.client.subscribeAsync([command, 'tianliang/terminals/xun7/#'], { qos: 1 });
  await away.publish('tianliang/terminals/xun7/status', { at: now(), battery: 50 }, { retain: true });
  await away.client.endAsync();
  await rig.broker.publish(command, 'secret', { qos: 1, retain: false });
  expect(rig.broker.waiting).toBeGreaterThan(0);
  rig.broker.replaceDevices(without('xun7'));
  expect(rig.broker.waiting).toBe(0);
  rig.broker.replaceDevices(devices);
  await using successor = await connectDevice(rig.url, 'xun7', { clean: false });
  const heard: string[] = [];
  successor.client.on('message', (_, payload) => heard.push(String(payload)));
  await successor.client.subscribeAsync([command, 'tianliang/terminals/xun7/#'], { qos: 1 });
  await rig.broker.publish(command, 'new', { qos: 1, retain: false });
  await until('the new one', () => heard.includes('new'));
  expect(heard).toEqual(['new']);
});

test('what a device sent before it was struck off, and its will, are not taken after it (T26)', async () => {
  const disk = Promise.withResolvers<void>();
  const taken: string[] = [];
  await using rig = await startBroker({
    rates: { messagesPerSecond: 1, burstSeconds: 1 },
    accept: async ({ topic }) => {
      taken.push(topic);
      await disk.promise;
      return 'accepted';
    },
  });
  const will = { topic: 'tianliang/terminals/xun7/status', payload: Buffer.from('{"online":false}'), qos: 1 as const };
  await using device = await connectDevice(rig.url, 'xun7', { will: { ...will, retain: true } });
  for (let n = 0; n < 3; n += 1) device.publish('tianliang/terminals/xun7/position', '{}').catch(() => {});
  await until('the first', () => taken.length === 1);
  rig.broker.replaceDevices(without('xun7'));
  await until('cut off', () => !device.client.connected);
  disk.resolve();
  await using other = await connectDevice(rig.url, 'xun1');
  // Of the other one too the second and third have their turn a second and two after the first: later than its.
  for (let n = 0; n < 3; n += 1) await other.publish('tianliang/terminals/xun1/position', '{}');
  const position = (id: string) => `tianliang/terminals/${id}/position`;
  expect(taken).toEqual([position('xun7'), ...['xun1', 'xun1', 'xun1'].map(position)]);
});

test('a session of another device is not kept for one that gets a longer id of its own', async () => {
  await using rig = await startBroker({ devices: [{ id: 'ws', password: 'ws-secret' }] });
  const first = await connectDevice(rig.url, 'ws', { clean: false, clientId: 'ws-1' });
  await first.client.subscribeAsync('tianliang/commands/ws', { qos: 1 });
  await first.client.endAsync();
  rig.broker.replaceDevices([
    { id: 'ws', password: 'ws-secret' },
    { id: 'ws-1', password: 'ws-1-secret' },
  ]);
  await rig.broker.publish('tianliang/commands/ws', 'x', { qos: 1, retain: false });
  expect(rig.broker.waiting).toBe(0);
});

test('a filter that is refused is not kept beside one that is granted', async () => {
  await using rig = await startBroker();
  const device = await connectDevice(rig.url, 'xun7', { clean: false });
  await device.client.subscribeAsync([command, 'tianliang/commands/xun1', '#'], { qos: 1 }).catch(() => {});
  await device.client.endAsync();
  await rig.broker.publish('tianliang/commands/xun1', 'x', { qos: 1, retain: false });
  expect(rig.broker.waiting).toBe(0);
  await rig.broker.publish(command, 'x', { qos: 1, retain: false });
  expect(rig.broker.waiting).toBe(1);
});

test('each way in that is not allowed is refused, heard nothing by, and said once a second and reason (T26)', async () => {
  const seen = await attackBroker({ devices: 4, rounds: 2 });
  expect(seen.foreignHeard).toEqual([]);
  expect(seen.letIn).toEqual([]);
  expect(seen.foreignTaken).toEqual([]);
  expect(seen.revokedWithinMs).toBeLessThan(5_000);
  expect(seen.reasons).toEqual(
    expect.arrayContaining([
      'bad-credentials',
      'client-id',
      'invalid-text',
      'foreign-will',
      'foreign-subscription',
      'message',
    ]),
  );
});
