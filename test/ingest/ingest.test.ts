import { expect, test } from 'vitest';
import type { DeviceMessage } from '../../src/ingest/device-message.ts';
import { connectDevice, now, scratch, sensors, startIngest, terminals, until } from './rig.ts';

test('what a device publishes reaches the registry, the telemetry and whoever listens', async () => {
  await using directory = await scratch();
  await using rig = await startIngest(directory.path);
  await using device = await connectDevice(rig.url, 'xun7');
  await device.publish('tianliang/terminals/xun7/position', { at: now(), lat: 27.3, lon: 105.29, speed: 12 });
  await device.publish('tianliang/terminals/xun7/sos', { at: now(), lat: 91, text: '救命' });
  await until('both', () => rig.messages.length === 2);
  expect(rig.messages.map(({ type }) => type)).toEqual(['position', 'sos']);
  expect(rig.ingest.registry.get('xun7')).toMatchObject({ online: true, position: { lat: 27.3, lon: 105.29 } });
  const range = { from: Date.now() - 60_000, to: Date.now() + 60_000, limit: 10 };
  expect(await rig.ingest.query({ device: 'xun7', measurement: 'speed', ...range })).toMatchObject([{ value: 12 }]);
  expect(rig.ingest.health()).toEqual([
    { name: 'mqtt', status: 'ok' },
    { name: 'telemetry', status: 'ok' },
  ]);
  await until('an empty spool', async () => (await rig.ingest.counts()).spoolDepth === 0);
  expect(await rig.ingest.counts()).toMatchObject({ accepted: { position: 1, sos: 1 }, refused: {}, connected: 1 });
});

test('what was acknowledged and not delivered is delivered by the next process, and the registry knows what was', async () => {
  await using directory = await scratch();
  const stuck: DeviceMessage[] = [];
  {
    const onMessage = async (message: DeviceMessage) => {
      stuck.push(message);
      throw new Error('the alert desk is not there');
    };
    await using rig = await startIngest(directory.path, { onMessage });
    await using device = await connectDevice(rig.url, 'xun7');
    await device.publish('tianliang/terminals/xun7/sos', { at: now(), lat: 27.3, lon: 105.29 });
    await device.publish('tianliang/terminals/xun7/position', { at: now(), lat: 27.31, lon: 105.29 });
    await until('a try', () => stuck.length > 0);
  }
  await using rig = await startIngest(directory.path);
  expect(rig.ingest.registry.get('xun7')).toMatchObject({ position: { lat: 27.31 }, online: true });
  await until('both', () => rig.messages.length === 2);
  expect(rig.messages[0]).toEqual(stuck[0]);
  expect(rig.messages[0]).toMatchObject({ type: 'sos', point: { lat: 27.3 } });
});

test('a downlink reaches the device', async () => {
  await using directory = await scratch();
  await using rig = await startIngest(directory.path);
  await using device = await connectDevice(rig.url, 'xun7');
  await device.client.subscribeAsync('tianliang/commands/xun7', { qos: 1 });
  const heard = Promise.withResolvers<string>();
  device.client.on('message', (_, payload) => heard.resolve(String(payload)));
  await rig.ingest.publish('tianliang/commands/xun7', '{"assignment":"a-1"}', { qos: 1, retain: false });
  expect(await heard.promise).toBe('{"assignment":"a-1"}');
});

test('a broker that is not there does not hold up the start', async () => {
  await using directory = await scratch();
  await using rig = await startIngest(directory.path, { mqtt: { url: 'mqtt://127.0.0.1:9' } });
  expect(rig.ingest.health()[0]).toEqual({
    name: 'mqtt',
    status: 'degraded',
    message: expect.stringMatching(/not connected/),
  });
});

test('a port that is taken is an error at once', async () => {
  await using one = await scratch();
  await using other = await scratch();
  await using rig = await startIngest(one.path);
  const port = rig.ingest.address?.port ?? 0;
  await expect(startIngest(other.path, { mqtt: { embedded: { host: '127.0.0.1', port } } })).rejects.toThrow(
    /EADDRINUSE/,
  );
});

test('closing twice is closing once', async () => {
  await using directory = await scratch();
  const rig = await startIngest(directory.path);
  await Promise.all([rig.ingest.close(), rig.ingest.close()]);
  expect(rig.ingest.health().map(({ message }) => message)).toEqual(['not running', 'not running']);
});

test('a device that comes back to the configuration is what it said last; who stays is not disturbed', async () => {
  await using directory = await scratch();
  await using rig = await startIngest(directory.path);
  await using staying = await connectDevice(rig.url, 'xun7');
  await using leaving = await connectDevice(rig.url, 'ws01');
  await leaving.publish('tianliang/sensors/ws01/reading', { at: now(), values: { visibility: 180 } });
  await until('heard', () => rig.messages.length === 1);
  await rig.ingest.configure({ devices: terminals });
  await until('cut off', () => !leaving.client.connected);
  expect([rig.ingest.registry.get('ws01'), staying.client.connected]).toEqual([undefined, true]);
  await rig.ingest.configure({ devices: [...terminals, ...sensors] });
  expect(rig.ingest.registry.get('ws01')).toMatchObject({ values: { visibility: 180 } });
  await using _back = await connectDevice(rig.url, 'ws01');
});
