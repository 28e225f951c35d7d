import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startOnvifDevice } from '../../demo/simulators/onvif-device.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { CameraTools } from '../../src/streams/cameras/camera-tools.ts';

const clip = join(import.meta.dirname, '../../demo/clips/traffic.mp4');
const account = { username: 'operator', password: 'right-one-27' };

async function startCamera() {
  const rtsp = await startRtspServer({ streams: { '/main': { clip } }, ...account });
  const stream = {
    rtspUrl: rtsp.urlOf('/main'),
    codec: 'h264',
    width: 1280,
    height: 720,
    fps: 15,
    bitrateKbps: 500,
  } as const;
  const profiles = [{ token: 'main', name: 'main', ...stream }];
  const onvif = await startOnvifDevice({ profiles, ...account });
  const close = async () => {
    await onvif.close();
    await rtsp.close();
  };
  return { rtsp, onvif, [Symbol.asyncDispose]: close };
}

const camera = (source: string, password = account.password) => ({
  id: 'one',
  name: 'one',
  source,
  username: account.username,
  password,
  tags: [],
});

test('a probe walks an ONVIF camera to its first picture', async () => {
  await using device = await startCamera();
  const stages = await new CameraTools({ cameras: [camera(device.onvif.url)] }).probe({ id: 'one' });
  const toPlay = ['setup', 'first_packet', 'first_key_frame', 'playable'];
  const names = ['dns', 'tcp', 'auth', 'profile', 'describe', ...toPlay];
  expect(stages.map(({ stage, ok }) => (ok ? stage : `${stage} failed`))).toEqual(names);
  expect(stages.at(-2)?.message).toMatch(/^H\.264 \S.* 1280×720/);
});

test('a wrong password is named as the stage that fails', async () => {
  await using device = await startCamera();
  const stages = await new CameraTools({ cameras: [camera(device.onvif.url, 'canary-secret')] }).probe({ id: 'one' });
  expect(stages.at(-1)).toMatchObject({ stage: 'auth', ok: false });
  expect(JSON.stringify(stages)).not.toContain('canary');
});

test('a camera that is not there fails at its port', async () => {
  await using device = await startCamera();
  const { url } = device.rtsp;
  await device.rtsp.refuse();
  const stages = await new CameraTools({ cameras: [] }).probe({ source: url });
  expect(stages.map(({ stage, ok }) => [stage, ok])).toEqual([
    ['dns', true],
    ['tcp', false],
  ]);
});

test('a move starts, lasts and stops; a preset is gone to; an RTSP camera cannot be steered', async () => {
  await using device = await startCamera();
  const tools = new CameraTools({ cameras: [camera(device.onvif.url), { ...camera('rtsp://127.0.0.1/'), id: 'two' }] });
  await tools.ptz('one', { pan: 0.5, seconds: 0.1 });
  await tools.ptz('one', { preset: '1' });
  expect(device.onvif.ptzCommands.map(({ type }) => type)).toEqual(['move', 'stop', 'preset']);
  await expect(tools.ptz('two', { pan: 1 })).rejects.toMatchObject({ code: 'CAMERA_NOT_STEERABLE' });
  await expect(tools.ptz('three', { pan: 1 })).rejects.toMatchObject({ statusCode: 404 });
});
