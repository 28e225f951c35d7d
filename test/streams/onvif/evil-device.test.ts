import { expect, test } from 'vitest';
import type { OnvifMisbehaviour } from '../../../demo/simulators/onvif/onvif-misbehaviour.ts';
import { cameraOf, startCanary, startDevice } from './onvif-device-fixture.ts';

const signal = AbortSignal.timeout(60_000);

test.each([
  ['huge', 'unsafe_answer'],
  ['entity-bomb', 'unsafe_answer'],
  ['xxe', 'unsafe_answer'],
  ['deep', 'unsafe_answer'],
  ['gzip-bomb', 'unsafe_answer'],
  ['reserved-tags', 'unsafe_answer'],
  ['long-nonce', 'not_onvif'],
  ['html', 'not_onvif'],
  ['drip', 'timeout'],
  ['silent', 'timeout'],
] as const)('%s ends as %s, within the deadline and little memory', async (kind, code) => {
  await using device = await startDevice();
  const camera = cameraOf(device, undefined, code === 'timeout' ? 700 : 3_000);
  device.misbehave({ kind });
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  await expect(camera.profiles(signal)).rejects.toMatchObject({ code });
  expect(performance.now() - startedAt).toBeLessThan(4_500);
  // The device lives in this process too: half of this is its own.
  expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a redirect is not followed', async () => {
  await using canary = await startCanary();
  await using device = await startDevice();
  device.misbehave({ kind: 'redirect', location: `http://${canary.host}/onvif/device_service` });
  await expect(cameraOf(device).profiles(signal)).rejects.toMatchObject({ code: 'unsafe_answer' });
  expect(canary.visits()).toBe(0);
});

test('service addresses elsewhere are asked for on the registered host', async () => {
  await using canary = await startCanary();
  await using device = await startDevice();
  device.misbehave({ kind: 'services-elsewhere', origin: `http://${canary.host}` });
  expect(await cameraOf(device).profiles(signal)).toHaveLength(2);
  expect(canary.visits()).toBe(0);
});

test.each([
  'file:///etc/passwd',
  'http://127.0.0.1/main',
  '-i x',
  'concat:a|b',
  'rtsp://169.254.169.254/main',
  'rtsp://127.0.0.1.evil.test/main',
  'rtsp://user@10.0.0.1:554/main',
  '',
])('a stream URI of %j is refused', async (uri) => {
  await using device = await startDevice();
  device.misbehave({ kind: 'stream-uri', uri } satisfies OnvifMisbehaviour);
  await expect(cameraOf(device).streamUri('main"1', signal)).rejects.toMatchObject({ code: 'unsafe_answer' });
});

test('credentials a device puts into its URI are taken off', async () => {
  await using device = await startDevice();
  device.misbehave({ kind: 'stream-uri', uri: 'rtsp://admin:12345@127.0.0.1:8554/live' });
  expect(await cameraOf(device).streamUri('main"1', signal)).toBe('rtsp://127.0.0.1:8554/live');
});
