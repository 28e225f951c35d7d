import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { playableClip, played } from './played.ts';

const credentials = { username: 'operator', password: 'canary-secret' };
const streams = { '/main': { clip: playableClip() } };
const enough = ({ pictures }: { pictures: readonly unknown[] }) => pictures.length > 3;

test.each(['digest', 'digest-sha256', 'digest-and-basic', 'basic'] as const)('%s opens a camera', async (auth) => {
  await using camera = await startRtspServer({ streams, auth, ...credentials });
  expect((await played({ url: camera.url, credentials }, enough)).losses).toBe(0);
});

test('a nonce that grew old between two requests is renewed, and the camera stays', async () => {
  await using camera = await startRtspServer({ streams, ...credentials, sessionTimeoutSeconds: 2 });
  const ending = performance.now() + 4_500;
  const expiring = setInterval(() => camera.expireNonce(), 300);
  const seen = await played({ url: camera.url, credentials }, () => performance.now() > ending);
  clearInterval(expiring);
  expect(seen.losses).toBe(0);
  expect(camera.dials).toBe(1);
});

test('a wrong password is shown once and no more', async () => {
  await using camera = await startRtspServer({ streams, auth: 'digest-sha256', ...credentials });
  const wrong = { ...credentials, password: 'guess' };
  await expect(played({ url: camera.url, credentials: wrong }, enough)).rejects.toMatchObject({
    failure: 'unauthorized',
  });
  // OPTIONS, DESCRIBE without and with credentials.
  expect(camera.requests).toBe(3);
});

/** Answers every request with these challenges and keeps what it was shown. */
async function listen(challenges: (request: number) => string[]) {
  const shown: string[] = [];
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      shown.push(...[...text.matchAll(/^Authorization: (.*)$/gim)].map(([, value = '']) => value));
      const lines = challenges(requests).map((challenge) => `WWW-Authenticate: ${challenge}\r\n`);
      requests += 1;
      socket.write(`RTSP/1.0 401 Unauthorized\r\nCSeq: ${/CSeq: (\d+)/.exec(text)?.[1]}\r\n${lines.join('')}\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return { shown, url: `rtsp://127.0.0.1:${port}/`, [Symbol.asyncDispose]: async () => void server.close() };
}

test('the password is never shown in the clear to who offers Digest, now or first', async () => {
  await using both = await listen(() => ['Digest realm="r", nonce="n", algorithm=SHA-512-256', 'Basic realm="r"']);
  await expect(played({ url: both.url, credentials }, enough)).rejects.toMatchObject({ failure: 'unauthorized' });
  expect(both.shown).toEqual([]);
  await using turning = await listen((request) => [request === 0 ? 'Digest realm="r", nonce="n"' : 'Basic realm="r"']);
  await expect(played({ url: turning.url, credentials }, enough)).rejects.toMatchObject({ failure: 'unauthorized' });
  expect(turning.shown.filter((value) => value.startsWith('Basic'))).toEqual([]);
  expect(turning.shown).toHaveLength(1);
});

test('a camera that always finds the nonce too old is given up', async () => {
  await using loop = await listen((request) => [`Digest realm="r", nonce="n${request}", stale=true`]);
  await expect(played({ url: loop.url, credentials }, enough)).rejects.toMatchObject({ failure: 'unauthorized' });
  expect(loop.shown.length).toBeLessThanOrEqual(3);
});

test('Basic over TLS is as good as any', async () => {
  const { key, cert, fingerprint } = selfSigned();
  await using camera = await startRtspServer({ streams, auth: 'basic', ...credentials, tls: { key, cert } });
  const seen = await played({ url: camera.url, credentials, tls: { fingerprint } }, enough);
  expect(seen.losses).toBe(0);
});
