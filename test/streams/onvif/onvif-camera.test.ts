import { expect, test } from 'vitest';
import { askOnvifClock } from '../../../src/streams/onvif/onvif-clock.ts';
import { account, cameraOf, profiles, startDevice } from './onvif-device-fixture.ts';

const signal = AbortSignal.timeout(60_000);

test('a device says what it is and what it shows', async () => {
  await using device = await startDevice({ identity: { hardware: 'SIM-1', serial: 'A<1>' } });
  const camera = cameraOf(device);
  expect(await camera.information(signal)).toEqual({
    manufacturer: 'Tianliang',
    model: 'SIM-1',
    firmware: '1.0',
    serial: 'A<1>',
  });
  const [sub, main] = await camera.profiles(signal);
  expect(sub?.token).toBe('sub 1');
  expect(main).toEqual({
    token: 'main"1',
    name: 'main',
    video: { codec: 'h264', width: 1280, height: 720, fps: 25, bitrateKbps: 2_000 },
    ptz: true,
  });
});

test('the stream URI comes with its query unescaped', async () => {
  await using device = await startDevice();
  expect(await cameraOf(device).streamUri('main"1', signal)).toBe(profiles[1]?.rtspUrl);
});

test.each(['ws-security', 'http-digest', 'both'] as const)('a device that takes %s lets us in', async (auth) => {
  await using device = await startDevice({ auth });
  expect(await cameraOf(device).profiles(signal)).toHaveLength(2);
});

test.each(['ws-security', 'http-digest', 'both'] as const)('a wrong password is unauthorized with %s', async (auth) => {
  await using device = await startDevice({ auth });
  const camera = cameraOf(device, { ...account, password: 'wrong' });
  await expect(camera.profiles(signal)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(device.requests.filter((name) => name === 'GetProfiles').length).toBeLessThanOrEqual(2);
});

test('a clock an hour ahead, or a day behind, keeps nobody out', async () => {
  for (const clockOffsetMs of [3_600_000, -86_400_000]) {
    await using device = await startDevice({ auth: 'ws-security', clockOffsetMs });
    expect(await cameraOf(device).profiles(signal)).toHaveLength(2);
  }
});

test('a device says how far its clock is off, to a second and without a password', async () => {
  for (const clockOffsetMs of [0, 3_600_000, -86_400_000]) {
    await using device = await startDevice({ auth: 'ws-security', clockOffsetMs });
    const { host, pathname } = new URL(device.xaddr);
    const offsetMs = await askOnvifClock({ source: `onvif://${host}${pathname}` }, signal);
    expect(Math.abs((offsetMs ?? Number.NaN) - clockOffsetMs)).toBeLessThan(1_000);
    expect(device.requests).toEqual(['GetSystemDateAndTime']);
  }
});

test('motors are told to move, to stop and to go to a preset by its token', async () => {
  await using device = await startDevice();
  const camera = cameraOf(device);
  const presets = await camera.presets('main"1', signal);
  expect(presets.map(({ token }) => token)).toEqual(['01', '1', 'far']);
  expect(presets[1]?.name).toBe('应急车道');

  await camera.continuousMove('main"1', { pan: 0.5, tilt: -2, zoom: 0 }, signal);
  await camera.stop('main"1', signal);
  await camera.gotoPreset('main"1', '01', signal);
  expect(device.ptzCommands).toEqual([
    { type: 'move', profile: 'main"1', pan: 0.5, tilt: -1, zoom: 0 },
    { type: 'stop', profile: 'main"1' },
    { type: 'preset', profile: 'main"1', preset: '01' },
  ]);
  await expect(camera.gotoPreset('main"1', 'none', signal)).rejects.toMatchObject({
    code: 'fault',
    subcode: 'ter:NoToken',
  });
});

test('a snapshot is a JPEG fetched with digest', async () => {
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
  await using device = await startDevice({ snapshot: async () => jpeg });
  expect(await cameraOf(device).snapshot('main"1', signal)).toEqual(jpeg);
});

test('nobody there is refused, and a caller that gave up gets its own reason', async () => {
  const device = await startDevice();
  await device.close();
  await expect(cameraOf(device).profiles(signal)).rejects.toMatchObject({ code: 'refused' });
  const reason = new Error('changed my mind');
  await expect(cameraOf(device).profiles(AbortSignal.abort(reason))).rejects.toBe(reason);
});
