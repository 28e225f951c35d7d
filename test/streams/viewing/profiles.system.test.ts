import { once } from 'node:events';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import type { HubViewer } from '../../../src/streams/hub/hub-viewer.ts';
import { HubViewer as Viewer } from '../../../src/streams/hub/hub-viewer.ts';
import type { FoundRecording, PlaybackRequest } from '../../../src/streams/recorder/playback.ts';
import type { PlaybackPort } from '../../../src/streams/viewing/opening.ts';
import { makeClip } from '../clips.ts';
import { probe, startWall } from './wall.ts';

const bridge = 'demo/clips/bridge-h265.mp4';
const wait = { timeout: 40_000, interval: 20 };

test('ffprobe plays main, sub and H.264 of one H.265 camera at once, over one connection a profile', async () => {
  await using wall = await startWall({ bridge, 'bridge/sub': await makeClip({ size: '320x240' }) });
  const asked = ['&codec=h264', '&profile=sub', '&profile=sub&codec=h264', ''];
  const seen = await Promise.all(asked.map((query) => probe(wall.ticketUrl('bridge', query))));
  // The ffprobe of Debian 12 does not know H.265 in FLV: it is given the bare stream.
  expect(seen).toEqual(['h264,1280,720', 'h264,320,240', 'h264,320,240', 'hevc,1280,720']);
  expect(wall.server.dials).toBe(2);
});

test('a camera that is only watched small is live, counts all its viewers, and dials what is wanted', async () => {
  await using wall = await startWall({
    both: await makeClip({ size: '320x240' }),
    'both/sub': await makeClip({ size: '320x240' }),
    one: await makeClip({ size: '320x240' }),
  });
  const status = (id: string) => wall.streams.status(id);
  const [a, b] = await Promise.all(['both', 'one'].map((id) => fetch(wall.ticketUrl(id, '&profile=sub'))));
  expect([a?.headers.get('x-stream-profile'), b?.headers.get('x-stream-profile')]).toEqual(['sub', 'main']);
  await expect.poll(() => status('both')?.state.phase, wait).toBe('live');
  expect([status('both')?.substream, status('one')?.substream]).toEqual([true, false]);
  expect(wall.server.dials).toBe(2);
  const main = await fetch(wall.ticketUrl('both'));
  expect(main.headers.get('x-stream-profile')).toBe('main');
  await expect.poll(() => wall.server.players, wait).toBe(3);
  expect([status('both')?.viewers, status('one')?.viewers]).toEqual([2, 1]);
  await Promise.all([a, b, main].map((response) => response?.body?.cancel()));
  await expect.poll(() => [status('both')?.state.phase, wall.server.clients], wait).toEqual(['idle', 0]);
});

test('a second viewer has its first picture from what is kept, before the next one comes', async () => {
  await using wall = await startWall({ main: await makeClip({ size: '320x240', gop: 50 }) });
  const taken: [number, Buffer][] = [];
  const sink = (viewer: number) => ({ write: (data: Buffer) => taken.push([viewer, data]) > 0, end: () => undefined });
  wall.streams.open({ camera: 'main' }, sink(1));
  await expect.poll(() => taken.length, wait).toBeGreaterThan(20);
  const before = taken.filter(([viewer]) => viewer === 1).length;
  wall.streams.open({ camera: 'main' }, sink(2));
  expect(taken.filter(([viewer]) => viewer === 2)).toHaveLength(before);
  expect(taken.filter(([viewer]) => viewer === 1)).toHaveLength(before);
});

test('those who watch small or transcoded are cut as well when their session ends', async () => {
  await using wall = await startWall({ bridge, 'bridge/sub': await makeClip({ size: '320x240' }) });
  const sockets = ['', '&profile=sub', '&codec=h264'].map((query) => {
    const socket = new WebSocket(wall.ticketUrl('bridge', query).replace('http', 'ws'));
    return { socket, closed: once(socket, 'close'), first: once(socket, 'message') };
  });
  await Promise.all(sockets.map(({ first }) => first));
  await expect.poll(() => wall.streams.transcoded().length, wait).toBe(1);
  const endedAt = performance.now();
  wall.endSession({ session: 's', account: 'u1' });
  const closes = await Promise.all(sockets.map(({ closed }) => closed));
  expect(performance.now() - endedAt).toBeLessThan(5_000);
  expect(closes.map(([code]) => code)).toEqual([1008, 1008, 1008]);
  const stopped = wall.rows.filter(({ action }) => action === 'watch.stop');
  expect(stopped.map(({ details }) => details)).toEqual(Array(3).fill(expect.objectContaining({ reason: 'revoked' })));
  await expect.poll(() => wall.streams.transcoded(), wait).toEqual([]);
});

test('beyond the limit of transcoders the answer is 503 and when to come again, before the upgrade too', async () => {
  await using wall = await startWall({ bridge }, { transcoders: 0 });
  expect(await wall.streams.codec({ camera: 'bridge' }, 20_000)).toBe('h265');
  const refused = await fetch(wall.ticketUrl('bridge', '&codec=h264'));
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('TRANSCODERS_BUSY')]);
  const socket = new WebSocket(wall.ticketUrl('bridge', '&codec=h264').replace('http', 'ws'));
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(503);
  response.destroy();
});

/** A recorder that plays one word. */
class Shelf implements PlaybackPort {
  readonly asked: PlaybackRequest[] = [];
  find = async (request: PlaybackRequest): Promise<FoundRecording | undefined> => {
    if (request.from.getTime() <= 0) return undefined;
    return { codec: 'h264', admit: () => undefined, open: (_form, sink, onEnd) => this.#open(request, sink, onEnd) };
  };

  #open(request: PlaybackRequest, ...[sink, onEnd]: ConstructorParameters<typeof Viewer>): HubViewer {
    this.asked.push(request);
    if (this.asked.length > 2) throw new RangeError('too many');
    const viewer = new Viewer(sink, onEnd);
    viewer.begin(Buffer.from('FLV'));
    return viewer;
  }
}

test('what was recorded is played from when it is asked, as fast as it is asked; the ledger says so', async () => {
  const shelf = new Shelf();
  await using wall = await startWall({ main: await makeClip({ size: '320x240' }) }, { playback: shelf });
  const from = '2026-01-02T03:04:05.000+08:00';
  const first = await fetch(wall.ticketUrl('main', `&from=${encodeURIComponent(from)}&speed=4`));
  expect(first.status).toBe(200);
  const socket = new WebSocket(wall.ticketUrl('main', '&from=2026-01-02T00:00:00Z').replace('http', 'ws'));
  expect((await once(socket, 'message')).toString()).toContain('FLV');
  const at = new Date(from);
  expect(shelf.asked).toEqual([
    { camera: 'main', from: at, speed: 4 },
    { camera: 'main', from: new Date('2026-01-02T00:00:00Z'), speed: 1 },
  ]);
  expect(wall.rows[0]?.details).toEqual({ over: 'http', from: at.toISOString() });
  const third = await fetch(wall.ticketUrl('main', '&from=2026-01-02T00:00:00Z'));
  expect([third.status, third.headers.get('content-type')]).toEqual([500, expect.stringContaining('json')]);
  const late = new WebSocket(wall.ticketUrl('main', '&from=2026-01-02T00:00:00Z').replace('http', 'ws'));
  expect((await once(late, 'close'))[0]).toBe(1013);
  const ended = once(socket, 'close');
  wall.endSession({ session: 's', account: 'u1' });
  await ended;
  await first.body?.cancel().catch(() => undefined);
  expect(wall.server.dials).toBe(0);
});

test('where nothing is recorded there is nothing to play', async () => {
  await using wall = await startWall({ main: await makeClip({ size: '320x240' }) });
  await using recording = await startWall({ main: await makeClip({ size: '320x240' }) }, { playback: new Shelf() });
  for (const url of [
    wall.ticketUrl('main', '&from=2026-01-02T00:00:00Z'),
    recording.ticketUrl('main', '&from=1969-01-02T00:00:00Z'),
  ]) {
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('NOTHING_RECORDED')]);
  }
});

test.each([
  '&profile=third',
  '&profile=../sub',
  '&profile=main&profile=sub',
  '&codec=h265',
  '&codec=%2e%2e%2f',
  '&from=yesterday',
  '&from=/etc/passwd',
  '&from=2026-01-02T00:00:00Z%00',
  '&speed=9',
  '&speed=0',
  '&speed=fast',
])('%s is refused', async (query) => {
  await using wall = await startWall({ main: await makeClip({ size: '320x240' }) }, { playback: new Shelf() });
  expect((await fetch(wall.ticketUrl('main', query))).status).toBe(400);
  expect(wall.rows).toEqual([]);
});

test.each([
  '..%2fmain',
  '..%5cmain',
  '%252e%252e%252fmain',
  'main%00',
  '%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'main%0a',
  'MAIN',
  'a'.repeat(65),
])('a camera of the name %s does not exist', async (name) => {
  await using wall = await startWall({ main: await makeClip({ size: '320x240' }) });
  const { statusCode, body } = await wall.app.inject(`/streams/${name}.flv?ticket=t`);
  expect([400, 404]).toContain(statusCode);
  expect(body).not.toContain('root:');
});
