import { expect, test } from 'vitest';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { drawnClip } from './drawn-clip.ts';
import { digest, RawRtspClient } from './raw-rtsp-client.ts';

const open = { streams: { '/main': { clip: drawnClip() } } };

const rtp = (client: RawRtspClient) =>
  client.packets
    .filter(({ channel }) => channel === 0)
    .map(({ data }) => ({
      marker: (data.readUInt8(1) & 0x80) !== 0,
      sequence: data.readUInt16BE(2),
      timestamp: data.readUInt32BE(4),
      ssrc: data.readUInt32BE(8),
      payload: data.subarray(12),
    }));

test('a client gets parameter sets and the parts of a key frame first, numbered without a gap', async () => {
  await using camera = await startRtspServer(open);
  await using client = new RawRtspClient(camera.url);
  expect((await client.play()).status).toBe(200);
  await client.until(() => rtp(client).length > 20);

  const packets = rtp(client);
  expect(packets[0]?.payload[0]).toBe(0x60 | 24);
  const types = packets.slice(1, 4).map(({ payload }) => payload.readUInt8(0) & 0x1f);
  expect(types).toEqual([28, 28, 28]);
  expect(packets.slice(1, 4).map(({ payload }) => payload.readUInt8(1) >> 6)).toEqual([2, 0, 1]);
  expect(packets.slice(0, 4).map(({ marker }) => marker)).toEqual([false, false, false, true]);
  const [first] = packets;
  const steps = packets.map(({ sequence }) => (sequence - (first?.sequence ?? 0)) & 0xffff);
  expect(steps).toEqual(packets.map((_, index) => index));
});

test('timestamps rise through the seam of the loop', async () => {
  await using camera = await startRtspServer(open);
  await using client = new RawRtspClient(camera.url);
  await client.play();
  await client.until(() => rtp(client).filter(({ marker }) => marker).length >= 14);

  const times = rtp(client)
    .filter(({ marker }) => marker)
    .map(({ timestamp }) => timestamp);
  const steps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) >>> 0);
  expect(new Set(steps)).toEqual(new Set([4_500]));
});

test('a sender report with the wall clock precedes the pictures', async () => {
  await using camera = await startRtspServer(open);
  await using client = new RawRtspClient(camera.url);
  await client.play();
  await client.until(() => rtp(client).length > 1);

  const [report] = client.packets;
  expect(report?.channel).toBe(1);
  expect(report?.data[1]).toBe(200);
  const unix = (report?.data.readUInt32BE(8) ?? 0) - 2_208_988_800;
  expect(Math.abs(unix - Date.now() / 1_000)).toBeLessThan(3);
  expect(report?.data.readUInt32BE(16)).toBe(rtp(client)[0]?.timestamp);
});

test('viewers of one stream see the same moment, each under its own SSRC', async () => {
  await using camera = await startRtspServer(open);
  await using one = new RawRtspClient(camera.url);
  await using two = new RawRtspClient(camera.url);
  await Promise.all([one.play(), two.play()]);
  await Promise.all([one, two].map((client) => client.until(() => rtp(client).length > 2)));

  expect(rtp(one)[1]?.payload).toEqual(rtp(two)[1]?.payload);
  expect(rtp(one)[0]?.ssrc).not.toBe(rtp(two)[0]?.ssrc);
  expect(camera.players).toBe(2);
});

test.each(['digest', 'digest-sha256'] as const)('%s is asked for and checked', async (auth) => {
  await using camera = await startRtspServer({ ...open, auth, username: 'operator', password: 'right' });
  await using client = new RawRtspClient(camera.url);
  expect((await client.ask('OPTIONS')).status).toBe(200);
  const { status, head } = await client.ask('DESCRIBE');
  expect(status).toBe(401);
  const asked = (password: string) => [digest(head, ['operator', password], ['DESCRIBE', camera.url])];
  expect((await client.ask('DESCRIBE', asked('wrong'))).status).toBe(401);

  const described = await client.ask('DESCRIBE', asked('right'));
  expect(described.status).toBe(200);
  expect(described.body).toContain(
    'a=fmtp:96 packetization-mode=1;profile-level-id=64001f;sprop-parameter-sets=Z2QAHwE=,aAI=',
  );

  camera.expireNonce();
  const stale = await client.ask('DESCRIBE', asked('right'));
  expect(stale.head).toContain('stale=true');
  camera.password = 'changed';
  expect((await client.ask('DESCRIBE', [digest(stale.head, ['operator', 'changed'], ['DESCRIBE', '/'])])).status).toBe(
    200,
  );
});

test('basic is accepted where it is offered', async () => {
  await using camera = await startRtspServer({ ...open, auth: 'basic', username: 'operator', password: 'a:b' });
  await using client = new RawRtspClient(camera.url);
  expect((await client.ask('DESCRIBE')).head).toContain('WWW-Authenticate: Basic');
  const header = `Authorization: Basic ${Buffer.from('operator:a:b').toString('base64')}`;
  expect((await client.ask('DESCRIBE', [header])).status).toBe(200);
});

test('H.265 goes as AP and FU with its sets in the SDP', async () => {
  await using camera = await startRtspServer({ streams: { '/main': { clip: drawnClip('h265') } } });
  await using client = new RawRtspClient(camera.url);
  expect((await client.ask('DESCRIBE')).body).toContain('sprop-vps=QAEH;sprop-sps=QgEH;sprop-pps=RAEH');
  await client.play();
  await client.until(() => rtp(client).length > 3);
  const types = rtp(client).map(({ payload }) => (payload.readUInt8(0) >> 1) & 0x3f);
  expect(types.slice(0, 4)).toEqual([48, 49, 49, 49]);
});

test('filler brings a clip to the asked bitrate', async () => {
  await using camera = await startRtspServer({ streams: { '/main': { clip: drawnClip(), bitrate: 800_000 } } });
  await using client = new RawRtspClient(camera.url);
  await client.play();
  await client.until(() => rtp(client).filter(({ marker }) => marker).length > 10);
  const upToMarkers = rtp(client).slice(0, rtp(client).findLastIndex(({ marker }) => marker) + 1);
  const pictures = upToMarkers.filter(({ marker }) => marker).length;
  const bytes = upToMarkers.reduce((sum, { payload }) => sum + payload.length, 0);
  expect((bytes * 8) / (pictures * 0.05)).toBeGreaterThan(760_000);
  expect((bytes * 8) / (pictures * 0.05)).toBeLessThan(960_000);
});

test('what a camera does not know is refused in words of the protocol', async () => {
  await using camera = await startRtspServer({ ...open, odd: { refusesUdp: true } });
  await using client = new RawRtspClient(camera.url);
  expect((await client.ask('DESCRIBE', [], `${camera.url}/none`)).status).toBe(404);
  expect((await client.ask('RECORD')).status).toBe(405);
  expect((await client.ask('PLAY')).status).toBe(455);
  expect((await client.ask('SETUP', ['Transport: RTP/AVP;unicast;client_port=5000-5001'])).status).toBe(461);
});

test('silent answers and sends nothing; restore starts again at a key frame', async () => {
  await using camera = await startRtspServer(open);
  camera.silence();
  await using client = new RawRtspClient(camera.url);
  expect((await client.play()).status).toBe(200);
  expect((await client.ask('GET_PARAMETER')).status).toBe(200);
  expect(client.packets).toEqual([]);
  await camera.restore();
  await client.until(() => rtp(client).length > 0);
  expect(rtp(client)[0]?.payload[0]).toBe(0x60 | 24);
});

test('a frozen camera repeats one picture while its clock goes on', async () => {
  await using camera = await startRtspServer(open);
  await using client = new RawRtspClient(camera.url);
  await client.play();
  await client.until(() => rtp(client).length > 0);
  camera.freeze();
  const before = rtp(client).length;
  await client.until(() => rtp(client).length > before + 12);
  const pictures = rtp(client)
    .slice(before)
    .filter(({ marker }) => marker);
  expect(new Set(pictures.map(({ payload }) => payload.toString('hex'))).size).toBe(1);
  expect(new Set(pictures.map(({ timestamp }) => timestamp)).size).toBe(pictures.length);
});

test('a reboot resets everybody; power off refuses until restored on the same port', async () => {
  await using camera = await startRtspServer(open);
  const { port } = camera;
  await using client = new RawRtspClient(camera.url);
  await client.ask('OPTIONS');
  camera.dropAll();
  await client.over;

  await camera.refuse();
  await using late = new RawRtspClient(camera.url);
  await late.over;
  expect(late.socket.bytesRead).toBe(0);
  await camera.restore();
  expect(camera.port).toBe(port);
  await using again = new RawRtspClient(camera.url);
  expect((await again.ask('OPTIONS')).status).toBe(200);
  expect(camera.dials).toBe(2);
});

test('a client that says nothing is let go after the session timeout', async () => {
  await using camera = await startRtspServer({ ...open, sessionTimeoutSeconds: 0.2 });
  await using client = new RawRtspClient(camera.url);
  expect((await client.play()).head).toContain('Session:');
  await client.over;
  await expect.poll(() => camera.clients).toBe(0);
});

test('an evil camera can be played: redirect, digest loop, endless answers', async () => {
  await using camera = await startRtspServer(open);
  await using client = new RawRtspClient(camera.url);
  camera.misbehave({ kind: 'redirect', location: 'rtsp://169.254.169.254/' });
  expect((await client.ask('DESCRIBE')).head).toContain('302');
  camera.misbehave({ kind: 'digest-loop' });
  const nonces = [await client.ask('DESCRIBE'), await client.ask('DESCRIBE')].map(
    ({ head }) => /nonce="(\w+)"/.exec(head)?.[1],
  );
  expect(new Set(nonces).size).toBe(2);
  for (const kind of [
    'huge-content-length',
    'endless-header',
    'random-bytes',
    'endless-tracks',
    'interleaved-lies',
  ] as const) {
    await using victim = new RawRtspClient(camera.url);
    camera.misbehave({ kind });
    let received = 0;
    victim.socket.removeAllListeners('data').on('data', (chunk) => {
      received += chunk.length;
    });
    victim.send('PLAY');
    await victim.until(() => received > 1_000_000);
  }
});
