import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { type ProbePorts, probeCamera } from '../../../src/streams/probe/probe-camera.ts';
import type { ProbedCamera } from '../../../src/streams/probe/probe-source.ts';
import type { ProbeStage } from '../../../src/streams/probe/probe-stage.ts';
import { StreamFailure } from '../../../src/streams/stream-failure.ts';
import { type ClipOptions, makeClip } from '../clips.ts';
import { account, startDevice } from '../onvif/onvif-device-fixture.ts';

async function walk(camera: ProbedCamera, ports: ProbePorts = {}): Promise<ProbeStage[]> {
  const stages: ProbeStage[] = [];
  for await (const stage of probeCamera(camera, ports, AbortSignal.timeout(90_000))) stages.push(stage);
  return stages;
}

const short = (stages: readonly ProbeStage[]) => stages.map(({ stage, ok, code }) => `${stage} ${ok ? 'ok' : code}`);

async function startCamera(clip: ClipOptions = {}, { sound = false } = {}) {
  const streams = { '/main': { clip: await makeClip({ size: '320x240', ...clip }), audio: sound } };
  return await startRtspServer({ streams, ...account });
}

const wholeWay = ['dns', 'tcp', 'auth', 'describe', 'setup', 'first_packet', 'first_key_frame', 'playable'];

/* Cameras of their own, and many deadlines to wait for: all of them at once. */

test.concurrent('a camera that is well passes every stage, and its pictures are told', async ({ expect }) => {
  await using server = await startCamera();
  const stages = await walk({ source: server.url, ...account });
  expect(short(stages)).toEqual(wholeWay.map((stage) => `${stage} ok`));
  expect(stages.at(-1)).toMatchObject({
    code: 'ok',
    video: { codec: 'h264', profile: 'High', width: 320, height: 240, bFrames: false, gopSeconds: 1 },
  });
  expect(stages.at(-1)?.video?.fps).toBeGreaterThan(22);
  expect(stages.every(({ ms }) => ms >= 0)).toBe(true);
  await expect.poll(() => server.clients).toBe(0);
  expect(JSON.stringify(stages)).not.toContain(account.password);
});

test.concurrent('B frames and H.265 play, and what they cost is said', async ({ expect }) => {
  await using withB = await startCamera({ bFrames: 2 });
  expect((await walk({ source: withB.url, ...account })).at(-1)).toMatchObject({ ok: true, code: 'b_frames' });
  await using hevc = await startCamera({ codec: 'h265' });
  const last = (await walk({ source: hevc.url, ...account })).at(-1);
  expect(last).toMatchObject({ ok: true, code: 'h265', video: { codec: 'h265', profile: 'Main', level: '2.0' } });
});

test.concurrent('the stage that fails is the last, with a code and a sentence on what to do', async ({ expect }) => {
  await using server = await startCamera();
  const wrong = await walk({ source: server.url, ...account, password: 'wrong' });
  expect(short(wrong)).toEqual(['dns ok', 'tcp ok', 'auth unauthorized']);
  expect(wrong.at(-1)?.message).toMatch(/check username and password/i);
  const missing = await walk({ source: server.urlOf('/nothing'), ...account });
  expect(short(missing)).toEqual(['dns ok', 'tcp ok', 'describe not_found']);
  server.silence();
  const silent = await walk({ source: server.url, ...account });
  expect(short(silent).slice(-2)).toEqual(['setup ok', 'first_packet no_packets']);
  await server.restore();
  server.hang();
  expect(short(await walk({ source: server.url, ...account })).at(-1)).toBe('describe timeout');
  await server.refuse();
  expect(short(await walk({ source: server.url, ...account }))).toEqual(['dns ok', 'tcp refused']);
  expect(short(await walk({ source: 'rtsp://camera.invalid/main' }))).toEqual(['dns dns']);
}, 60_000);

test.concurrent('an ONVIF camera is asked who it is and where it streams; a wrong password fails there', async ({
  expect,
}) => {
  await using server = await startCamera();
  const main = { token: 'm', name: 'main', codec: 'h264', width: 320, height: 240, fps: 25, bitrateKbps: 500 } as const;
  await using device = await startDevice({ profiles: [{ ...main, rtspUrl: server.url }] });
  const stages = await walk({ source: device.url, ...account });
  const way = wholeWay.toSpliced(3, 0, 'profile');
  expect(short(stages)).toEqual(way.map((stage) => `${stage} ok`));
  expect(stages[3]?.message).toBe('main h264 320×240');
  const refused = await walk({ source: device.url, ...account, password: 'x' });
  expect(short(refused)).toEqual(['dns ok', 'tcp ok', 'auth unauthorized']);
});

test.concurrent('a web server that speaks no RTSP is named as what it is', async ({ expect }) => {
  const web = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  await using closing = new AsyncDisposableStack();
  closing.defer(async () => {
    web.close();
    await once(web, 'close');
  });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  const { port } = web.address() as AddressInfo;
  expect(short(await walk({ source: `rtsp://127.0.0.1:${port}/` })).at(-1)).toMatch(/^describe (protocol|lost)$/);
});

test.concurrent('another source is played as its viewers would, and says which stages it has', async ({ expect }) => {
  const failing: ProbePorts['otherSource'] = () => () =>
    Promise.reject(new StreamFailure('not_found', 'No such file.'));
  const file = await walk({ source: 'file:/tmp/nothing.mp4' }, { otherSource: failing });
  expect(short(file)).toEqual(['first_key_frame not_found']);
  expect(short(await walk({ source: 'rtmp' }))).toEqual(['publisher ask_server']);
  const silent: ProbePorts['pushed'] = () => () => undefined;
  expect(short(await walk({ source: 'rtmp' }, { pushed: silent }))).toEqual(['publisher no_publisher']);
}, 60_000);
