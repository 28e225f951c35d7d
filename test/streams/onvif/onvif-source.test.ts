import { expect, test } from 'vitest';
import { parseOnvifUrl, resolveOnvifSource } from '../../../src/streams/onvif/onvif-source.ts';
import { account, startDevice } from './onvif-device-fixture.ts';

const signal = AbortSignal.timeout(60_000);

test('a source resolves to the largest picture unless it asks for another', async () => {
  await using device = await startDevice();
  const resolve = (query: string) => resolveOnvifSource({ url: `${device.url}${query}`, ...account }, signal);
  const main = await resolve('');
  expect(main.rtspUrl).toBe('rtsp://127.0.0.1:8554/main?a=1&b=2');
  expect(main.snapshotUrl).toBe(`http://127.0.0.1:${device.port}/snapshot.jpg?profile=main%221&quality=80`);
  expect(main.profiles.map(({ name }) => name)).toEqual(['sub', 'main']);
  expect((await resolve('?profile=sub')).rtspUrl).toContain('/sub');
  expect((await resolve('?profile=sub%201')).profile.token).toBe('sub 1');
  await expect(resolve('?profile=third')).rejects.toMatchObject({ code: 'not_found' });
});

test('the address behind an onvif:// URL', () => {
  const address = (url: string) => parseOnvifUrl(url).address.href;
  expect(address('onvif://10.0.0.8')).toBe('http://10.0.0.8/onvif/device_service');
  expect(address('onvif://10.0.0.8:8899/')).toBe('http://10.0.0.8:8899/onvif/device_service');
  expect(address('onvif://cam.local/onvif/device?profile=main')).toBe('http://cam.local/onvif/device');
  expect(parseOnvifUrl('onvif://cam.local/?profile=main').wanted).toBe('main');
  expect(() => parseOnvifUrl('rtsp://cam.local/')).toThrow(TypeError);
});
