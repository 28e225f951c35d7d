import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyWebsocket from '@fastify/websocket';
import Fastify from 'fastify';
import { test } from 'vitest';
import type { Actor } from '../../../src/shared/actor.ts';
import { streamPlugin } from '../../../src/streams/viewing/plugin.ts';
import type { WatchEntry } from '../../../src/streams/viewing/watchers.ts';
import { makeClip, run } from '../clips.ts';
import { openRecordingHouse, type RecordingHouse, timelineOf } from './recording-house.ts';

const quick = { segmentMs: { continuous: 2_000, alert: 1_000 } };
const seat: Actor = { id: 'u1', name: 'seat', role: 'seat', areas: 'all' };

async function rowsOf({ store }: RecordingHouse) {
  return await store.db.selectFrom('recordings').selectAll().orderBy('started_at').execute();
}

test.concurrent('around an alert what a camera saw stays, before and after it; the rest of the time it does not', async ({
  expect,
}) => {
  const from = new Date(Date.now() - 1_000);
  const clips = { cam: await makeClip({ size: '320x240' }) };
  await using house = await openRecordingHouse({ clips, mode: 'alert', options: quick });
  const finished = async () => (await rowsOf(house)).filter(({ open }) => open === 0).length;
  await expect.poll(finished, { timeout: 30_000 }).toBe(6);
  const [first] = await rowsOf(house);
  await expect.poll(async () => (await rowsOf(house))[0]?.id, { timeout: 20_000 }).not.toBe(first?.id);
  const raisedMs = Date.now();
  const kept = { from: new Date(raisedMs - 3_000), to: new Date(raisedMs + 2_000) };
  await house.recorder.keep({ camera: 'cam', ...kept }, 'alert/a1');
  await house.recorder.keep({ camera: 'nobody', ...kept }, 'alert/a2');
  const stays = async () => (await rowsOf(house)).filter(({ ring }) => ring === 0);
  await expect
    .poll(async () => (await stays()).at(-1)?.ended_at ?? '', { timeout: 40_000 })
    .toSatisfy((endedAt: string) => Date.parse(endedAt) >= kept.to.getTime());
  const rows = await stays();
  expect(Date.parse(rows[0]?.started_at ?? '')).toBeLessThanOrEqual(kept.from.getTime());
  const turned = async () => (await rowsOf(house)).length - (await stays()).length;
  await expect.poll(turned, { timeout: 20_000 }).toBeLessThanOrEqual(8);
  const items = await timelineOf(house.recorder, 'cam', from);
  const covering = items.find((item) => item.kind === 'recording' && item.from <= kept.from && item.to >= kept.to);
  expect(covering).toBeDefined();
  expect(items[0]?.kind).toBe('gap');
}, 120_000);

test.concurrent('what was recorded plays at the URL of the stream, with rows in the ledger; before anything was recorded it is 404', async ({
  expect,
}) => {
  const clips = { cam: await makeClip({ size: '320x240' }) };
  const from = new Date(Date.now() - 1_000);
  await using house = await openRecordingHouse({ clips, options: quick });
  const ended = async () => (await rowsOf(house)).filter(({ open }) => open === 0).length;
  await expect.poll(ended, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  await house.streams.close();
  const rows: WatchEntry[] = [];
  await using opened = new AsyncDisposableStack();
  const app = Fastify({ forceCloseConnections: true });
  opened.defer(() => app.close());
  await app.register(fastifyWebsocket);
  await app.register(streamPlugin, {
    streams: house.streams,
    playback: house.recorder.playback,
    actorOf: () => seat,
    redeemTicket: () => undefined,
    record: (row) => rows.push(row),
    sessionEnded: () => () => true,
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`${origin}/streams/cam.flv?from=${from.toISOString()}&speed=4`);
  expect(answer.status).toBe(200);
  const path = join(house.directory, 'played.flv');
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-select_streams',
    'v',
    '-show_entries',
    'stream=codec_name,width',
    '-of',
    'csv=p=0',
    path,
  ]);
  expect(stdout.trim()).toBe('h264,320');
  await expect.poll(() => rows.map(({ action }) => action)).toEqual(['watch.start', 'watch.stop']);
  expect(rows[0]?.details).toMatchObject({ from: from.toISOString() });
  const later = new Date(Date.now() + 60_000).toISOString();
  expect((await fetch(`${origin}/streams/cam.flv?from=${later}`)).status).toBe(404);
}, 90_000);
