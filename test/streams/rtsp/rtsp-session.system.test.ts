import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import type { RtpPacket } from '../../../src/streams/rtp/rtp-packet.ts';
import { runRtspSession } from '../../../src/streams/rtsp/rtsp-session.ts';
import { makeClip } from '../clips.ts';

const login = { username: 'operator', password: 'canary-secret' };

async function playSome(url: string, credentials?: typeof login, until = 30) {
  const ending = new AbortController();
  const packets: RtpPacket[] = [];
  let codec = '';
  await runRtspSession({
    url,
    ...(credentials && { credentials }),
    signal: AbortSignal.any([ending.signal, AbortSignal.timeout(9_000)]),
    onPlaying: (video) => {
      codec = video.codec;
    },
    onPacket: (packet) => {
      packets.push(packet);
      if (packets.length === until) ending.abort();
    },
  });
  return { packets, codec };
}

test.each(['none', 'basic', 'digest'] as const)(
  'a camera with %s authentication plays and is taken leave of',
  async (auth) => {
    const clip = await makeClip({ size: '320x240' });
    await using camera = await startRtspServer({
      streams: { '/main': { clip, sound: 'pcma' } },
      auth,
      ...(auth !== 'none' && login),
    });
    const { packets, codec } = await playSome(camera.url, login);
    expect(codec).toBe('h264');
    expect(packets.length).toBeGreaterThanOrEqual(30);
    await expect.poll(() => camera.clients).toBe(0);
  },
);

test('a session that times out after 2 s is kept alive', async () => {
  const clip = await makeClip({ size: '320x240' });
  await using camera = await startRtspServer({ streams: { '/main': { clip } }, ...login, sessionTimeoutSeconds: 2 });
  const { packets } = await playSome(camera.url, login, 250);
  expect(packets.length).toBeGreaterThanOrEqual(250);
  expect(camera.dials).toBe(1);
});

test('a wrong password and a wrong path are named, with one more try and no secret', async () => {
  const clip = await makeClip({ size: '320x240' });
  await using camera = await startRtspServer({ streams: { '/main': { clip } }, ...login });
  const wrong = playSome(camera.url, { ...login, password: 'guess-secret' });
  await expect(wrong).rejects.toMatchObject({ failure: 'unauthorized' });
  await expect(wrong).rejects.not.toThrow('secret');
  await expect(playSome(camera.urlOf('/other'), login)).rejects.toMatchObject({ failure: 'not_found' });
});

test('a camera that is off, and a name nobody knows, are told apart', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => probe.close(resolve));
  await expect(playSome(`rtsp://127.0.0.1:${port}/`)).rejects.toMatchObject({ failure: 'refused' });
  await expect(playSome('rtsp://no-such-camera.invalid/')).rejects.toMatchObject({ failure: 'dns' });
});

test('an evil camera is refused without a connection elsewhere and without eating memory', async () => {
  const clip = await makeClip({ size: '320x240' });
  let elsewhere = 0;
  const canary = createServer((socket) => {
    elsewhere += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => canary.once('listening', resolve));
  const address = canary.address();
  const location = `rtsp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const evil = [
    { kind: 'redirect', location },
    { kind: 'redirect', location: 'file:///etc/passwd' },
    { kind: 'huge-content-length' },
    { kind: 'endless-header' },
    { kind: 'random-bytes' },
    { kind: 'endless-tracks' },
    { kind: 'digest-loop' },
    { kind: 'interleaved-lies' },
  ] as const;
  await using camera = await startRtspServer({ streams: { '/main': { clip } } });
  for (const how of evil) {
    camera.misbehave(how);
    const expected = how.kind === 'digest-loop' ? 'unauthorized' : 'protocol';
    await expect(playSome(camera.url, login), how.kind).rejects.toMatchObject({ failure: expected });
  }
  expect(elsewhere).toBe(0);
  expect(camera.dials).toBe(evil.length);
  canary.close();
});
