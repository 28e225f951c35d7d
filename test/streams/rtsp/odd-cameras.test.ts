import { expect, test } from 'vitest';
import type { RtspOddities } from '../../../demo/simulators/rtsp/rtsp-oddities.ts';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { playableClip, played } from './played.ts';

const login = { username: 'operator', password: 'canary-secret' };

const oddities: [string, RtspOddities][] = [
  ['nothing odd', {}],
  ['no OPTIONS', { noOptions: true }],
  ['no Content-Base', { noContentBase: true }],
  ['whole URLs as control', { control: 'absolute', sessionControl: 'absolute' }],
  ['controls of an address behind NAT', { control: 'inner-address' }],
  ['a query in its control', { control: 'query', noContentBase: true }],
  ['no control of the session', { sessionControl: 'none', noContentBase: true }],
  ['PLAY for each track alone', { playPerTrack: true }],
  ['interleaved channels of its own', { firstChannel: 8 }],
  ['no Transport in its answer', { noTransport: true }],
  ['no CSeq in its answers', { noSequence: true }],
  ['packets during the handshake', { earlyPackets: true }],
  ['garbage between its frames', { garbage: true }],
  ['padding and header extensions', { paddedPackets: true }],
  ['numbers and timestamps about to wrap', { firstSequence: 65_530, firstTimestamp: 0xffff_8000 }],
];

test.concurrent.each(oddities)('a camera with %s plays without a loss', async (_, odd) => {
  await using camera = await startRtspServer({
    streams: { '/Streaming/101?transportmode=unicast&profile=Profile_1': { clip: playableClip(), sound: 'pcma' } },
    ...login,
    odd,
  });
  const seen = await played(
    { url: camera.url, credentials: login, withSound: true },
    ({ pictures, sound }) => pictures.length >= 12 && sound.length > 5,
  );
  expect(seen.losses).toBe(0);
  expect(seen.pictures.filter(({ key }) => key).length).toBeGreaterThanOrEqual(2);
  expect(seen.audio).toMatchObject({ codec: 'pcma', clockRate: 8_000 });
  expect(camera.dials).toBe(1);
});

test.each(['h264', 'h265'] as const)(
  '%s sets that only come in the stream, or only in the SDP, are enough',
  async (codec) => {
    for (const sets of [
      { sprop: false, inBand: true },
      { sprop: true, inBand: false },
    ]) {
      await using camera = await startRtspServer({ streams: { '/': { clip: playableClip(codec), ...sets } } });
      const { video, pictures } = await played({ url: camera.url }, (seen) => seen.pictures.length >= 6);
      expect(video?.codec).toBe(codec);
      expect(pictures[0]?.key).toBe(true);
    }
  },
);

test('a camera that will not send the sound it describes is watched in silence', async () => {
  await using camera = await startRtspServer({
    streams: { '/': { clip: playableClip(), sound: 'pcmu' } },
    odd: { refusesSound: true },
  });
  const seen = await played({ url: camera.url, withSound: true }, ({ pictures }) => pictures.length >= 6);
  expect(seen.audio).toBeUndefined();
  expect(seen.sound).toEqual([]);
});

test('sound that nobody asked for is not set up', async () => {
  await using camera = await startRtspServer({ streams: { '/': { clip: playableClip(), sound: 'pcma' } } });
  const seen = await played({ url: camera.url }, ({ pictures }) => pictures.length >= 6);
  expect(seen.audio).toBeUndefined();
});
