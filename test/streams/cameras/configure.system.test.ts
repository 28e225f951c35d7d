import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import type { CameraEntry } from '../../../src/streams/config.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { makeClip } from '../clips.ts';

/** Two devices, and cameras that are configured on them. */
async function openHouse() {
  await using opened = new AsyncDisposableStack();
  const clip = await makeClip({ size: '320x240' });
  const streams = { '/main': { clip }, '/sub': { clip } };
  const first = opened.use(await startRtspServer({ streams }));
  const second = opened.use(await startRtspServer({ streams }));
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const options = { cameras: [], resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 100 };
  const house = opened.use(new CameraStreams(options));
  const told: string[] = [];
  house.on('state', ({ id, state }) => told.push(`${id} ${state.phase}`));
  house.on('removed', ({ id, area }) => told.push(`${id} removed${area ? ` from ${area}` : ''}`));
  const left = opened.move();
  const configure = (...cameras: CameraEntry[]) => house.configure(resolveCameras({ cameras }));
  return { first, second, house, told, configure, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

/** A viewer, the bytes it was given and how it ended. */
function watch(house: CameraStreams, camera: string, profile: 'main' | 'sub' = 'main') {
  const seen = { bytes: 0, ended: '' };
  const write = (data: Buffer) => {
    seen.bytes += data.length;
    return true;
  };
  house.open({ camera, profile }, { write, end: () => undefined }, (_, reason) => {
    seen.ended = reason;
  });
  return seen;
}

const live = (house: CameraStreams, id: string) =>
  expect.poll(() => house.status(id)?.state.phase, { timeout: 15_000 }).toBe('live');

test('a camera that did not change keeps its connection and its viewer while others come, change and go', async () => {
  await using home = await openHouse();
  const { first, second, house, configure } = home;
  const stays = { id: 'stays', source: first.url };
  await configure(stays, { id: 'goes', source: second.url });
  const kept = watch(house, 'stays');
  const lost = watch(house, 'goes');
  await Promise.all([live(house, 'stays'), live(house, 'goes')]);
  home.told.length = 0;
  await configure({ ...stays, name: '大桥', area: 'east' }, { id: 'comes', source: second.url });
  expect(lost.ended).toBe('closed');
  expect(house.status('goes')).toBeUndefined();
  expect(home.told).toEqual(['goes removed', 'stays removed', 'stays live', 'comes idle']);
  expect(house.status('stays')).toMatchObject({ name: '大桥', area: 'east', viewers: 1 });
  const { bytes } = kept;
  await expect.poll(() => kept.bytes, { timeout: 15_000 }).toBeGreaterThan(bytes + 10_000);
  expect([kept.ended, first.dials]).toEqual(['', 1]);
  await expect.poll(() => second.clients).toBe(0);
}, 60_000);

test('a camera with another address is dialled there while its viewer waits', async () => {
  await using home = await openHouse();
  const { first, second, house, configure } = home;
  await configure({ id: 'cam', source: first.url });
  const viewer = watch(house, 'cam');
  await live(house, 'cam');
  await configure({ id: 'cam', source: second.url });
  await expect.poll(() => second.players, { timeout: 15_000 }).toBe(1);
  await live(house, 'cam');
  const { bytes } = viewer;
  await expect.poll(() => viewer.bytes, { timeout: 15_000 }).toBeGreaterThan(bytes);
  await expect.poll(() => first.clients).toBe(0);
  expect([viewer.ended, second.dials]).toEqual(['', 1]);
}, 60_000);

test('a substream comes and goes without a word from the main stream', async () => {
  await using home = await openHouse();
  const { first, house, configure } = home;
  const cam = { id: 'cam', source: first.url };
  await configure(cam);
  const main = watch(house, 'cam');
  await live(house, 'cam');
  await configure({ ...cam, substream: first.urlOf('/sub') });
  const sub = watch(house, 'cam', 'sub');
  await expect.poll(() => sub.bytes, { timeout: 15_000 }).toBeGreaterThan(0);
  await configure(cam);
  expect([sub.ended, main.ended, first.dials]).toEqual(['closed', '', 2]);
}, 60_000);

test('a camera that is configured but never wanted is not connected, and is on the list', async () => {
  await using home = await openHouse();
  const { first, house, configure } = home;
  const added = once(house, 'state', { signal: AbortSignal.timeout(5_000) });
  await configure({ id: 'cam', source: first.url });
  expect((await added)[0]).toMatchObject({ id: 'cam', state: { phase: 'idle' } });
  expect(house.list().map(({ id }) => id)).toEqual(['cam']);
  expect(first.dials).toBe(0);
});
