import { expect, test } from 'vitest';
import {
  type ProbePorts,
  type ProbeSource,
  type ProbeStageResult,
  probeCamera,
} from '../../../src/streams/onvif/probe.ts';
import { account, startDevice } from './onvif-device-fixture.ts';

const signal = AbortSignal.timeout(60_000);

const playing: ProbePorts['play'] = async (_, onPlaying) => {
  onPlaying();
  return { codec: 'h264', width: 1280, height: 720 };
};

async function walk(source: ProbeSource, play = playing): Promise<ProbeStageResult[]> {
  const stages: ProbeStageResult[] = [];
  for await (const stage of probeCamera(source, { play }, signal)) stages.push(stage);
  return stages;
}
const names = (stages: readonly { stage: string; ok: boolean }[]) => stages.map(({ stage, ok }) => `${stage} ${ok}`);

test('a camera that is well passes every stage', async () => {
  await using device = await startDevice();
  const seen: string[] = [];
  const stages = await walk({ url: device.url, ...account }, async ({ url }, onPlaying, limit) => {
    seen.push(url);
    return playing({ url }, onPlaying, limit);
  });
  expect(stages.map(({ stage }) => stage)).toEqual([
    'dns',
    'tcp',
    'auth',
    'profile',
    'describe',
    'first_key_frame',
    'playable',
  ]);
  expect(stages.every(({ ok, ms }) => ok && ms >= 0)).toBe(true);
  expect(stages[3]?.message).toBe('main h264 1280×720');
  expect(seen).toEqual(['rtsp://127.0.0.1:8554/main?a=1&b=2']);
});

test('a wrong password fails at auth, over ONVIF and over RTSP', async () => {
  await using device = await startDevice();
  expect(names(await walk({ url: device.url, ...account, password: 'x' }))).toEqual([
    'dns true',
    'tcp true',
    'auth false',
  ]);
  const refused = Object.assign(new Error('401'), { failure: 'unauthorized' });
  const stages = await walk({ url: `rtsp://127.0.0.1:${device.port}/main` }, () => Promise.reject(refused));
  expect(names(stages)).toEqual(['dns true', 'tcp true', 'auth false']);
});

test('nobody at the port fails at tcp, an unknown name at dns', async () => {
  const device = await startDevice();
  await device.close();
  expect((await walk({ url: device.url })).at(-1)).toMatchObject({ stage: 'tcp', ok: false, message: 'ECONNREFUSED' });
  expect(names(await walk({ url: 'rtsp://camera.invalid/main' }))).toEqual(['dns false']);
});

test('a camera that agrees and shows nothing fails at its first key frame', async () => {
  await using device = await startDevice();
  const stages = await walk({ url: `rtsp://127.0.0.1:${device.port}/main` }, async (_, onPlaying) => {
    onPlaying();
    throw Object.assign(new Error('secret'), { code: 'no_packets' });
  });
  expect(names(stages)).toEqual(['dns true', 'tcp true', 'auth true', 'describe true', 'first_key_frame false']);
  expect(stages.at(-1)?.message).toBe('no_packets');
});

test('a stream that is missing fails at describe', async () => {
  await using device = await startDevice();
  const missing = Object.assign(new Error('404'), { failure: 'not_found', code: 'E' });
  const stages = await walk({ url: `rtsp://127.0.0.1:${device.port}/main` }, () => Promise.reject(missing));
  expect(names(stages)).toEqual(['dns true', 'tcp true', 'describe false']);
});

test('leaving early ends the play', async () => {
  await using device = await startDevice();
  let ended = false;
  const play: ProbePorts['play'] = async (_, onPlaying, limit) => {
    onPlaying();
    await new Promise((resolve) => limit.addEventListener('abort', resolve));
    ended = true;
    throw limit.reason;
  };
  for await (const { stage } of probeCamera({ url: `rtsp://127.0.0.1:${device.port}/` }, { play }, signal)) {
    if (stage === 'describe') break;
  }
  expect(ended).toBe(true);
});
