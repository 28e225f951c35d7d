import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { selfSigned } from '../../helpers/self-signed.ts';
import { playableClip, played } from './played.ts';

const streams = { '/main': { clip: playableClip(), sound: 'pcma' } } as const;

test.concurrent('pictures and sound over UDP, with packets that change places, are whole and told in time', async () => {
  await using camera = await startRtspServer({ streams, odd: { swapEvery: 5, clockOffsetMs: -3_600_000 } });
  const seen = await played(
    { url: camera.url, transport: 'udp', withSound: true },
    ({ pictures, soundTimes }) => pictures.length > 40 && soundTimes.length > 10,
  );
  expect(seen.losses).toBe(0);
  const anHourAgo = Date.now() - 3_600_000;
  for (const at of [...seen.pictureTimes, ...seen.soundTimes])
    expect(Math.abs(at.getTime() - anHourAgo)).toBeLessThan(9_000);
  expect(seen.pictureTimes.length).toBeGreaterThan(30);
});

test.concurrent('packets lost over UDP are a loss, and the pictures go on with the next key', async () => {
  await using camera = await startRtspServer({ streams, odd: { dropEvery: 20 } });
  const seen = await played(
    { url: camera.url, transport: 'udp' },
    ({ losses, pictures }) => losses >= 3 && pictures.length > 20,
  );
  expect(seen.pictures.filter(({ afterLoss }) => afterLoss).length).toBeGreaterThanOrEqual(2);
});

test.concurrent('a camera without UDP says so; rtsps has none', async () => {
  await using camera = await startRtspServer({ streams, odd: { refusesUdp: true } });
  const refused = played({ url: camera.url, transport: 'udp' }, () => true);
  await expect(refused).rejects.toMatchObject({ failure: 'protocol', message: expect.stringContaining('tcp and udp') });
  const both = played({ url: 'rtsps://127.0.0.1:1/', transport: 'udp' }, () => true);
  await expect(both).rejects.toThrow('set its transport to tcp');
});

test.concurrent('a camera whose clock stands in 1970 has none', async () => {
  await using camera = await startRtspServer({ streams, odd: { clockOffsetMs: -Date.now() } });
  const seen = await played({ url: camera.url }, ({ pictures }) => pictures.length > 10);
  expect(seen.pictureTimes).toEqual([]);
});

test.concurrent('a camera that says goodbye is lost, though its connection stays open', async () => {
  await using camera = await startRtspServer({ streams });
  const lost = played({ url: camera.url }, ({ pictures }) => {
    if (pictures.length === 3) camera.sayGoodbye();
    return false;
  });
  await expect(lost).rejects.toMatchObject({ failure: 'lost', message: expect.stringContaining('over') });
});

test.concurrent.each(['tcp', 'udp'] as const)(
  'after 5 s the camera is told how its packets arrive over %s',
  async (transport) => {
    await using camera = await startRtspServer({ streams });
    const isReport = () => camera.lastControl?.[0] === 0x81 && camera.lastControl[1] === 201;
    const seen = await played({ url: camera.url, transport }, isReport);
    const report = camera.lastControl ?? Buffer.alloc(32);
    expect(seen.packets.map(({ sequence }) => sequence)).toContain(report.readUInt16BE(18));
    expect(report.readUIntBE(13, 3)).toBe(0);
    expect(report.readUInt32BE(24)).toBeGreaterThan(0);
  },
);

test.concurrent('an rtsps:// camera plays when its certificate is pinned, or when anything goes', async () => {
  const { key, cert, fingerprint } = selfSigned();
  await using camera = await startRtspServer({ streams, tls: { key, cert }, username: 'operator', password: 'secret' });
  const credentials = { username: 'operator', password: 'secret' };
  const colons = fingerprint.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
  for (const tls of [{ fingerprint }, { fingerprint: colons }, { insecure: true }]) {
    const seen = await played({ url: camera.url, credentials, tls }, ({ pictures }) => pictures.length > 5);
    expect(seen.losses).toBe(0);
  }
});

test.concurrent('a certificate nobody vouches for is refused with the fingerprint to pin, before any credential', async () => {
  const { key, cert, fingerprint } = selfSigned();
  await using camera = await startRtspServer({
    streams,
    tls: { key, cert },
    auth: 'basic',
    username: 'u',
    password: 'p',
  });
  const refused = played({ url: camera.url }, () => true);
  await expect(refused).rejects.toMatchObject({ failure: 'protocol', message: expect.stringContaining(fingerprint) });
  const other = played({ url: camera.url, tls: { fingerprint: '00'.repeat(32) } }, () => true);
  await expect(other).rejects.toThrow('another certificate than the one pinned');
  expect(camera.requests).toBe(0);
});

test.concurrent('rtsps:// to a port that speaks plain RTSP is told apart', async () => {
  await using camera = await startRtspServer({ streams });
  const refused = played({ url: camera.url.replace('rtsp:', 'rtsps:'), tls: { insecure: true } }, () => true);
  await expect(refused).rejects.toThrow('does not speak TLS');
});
