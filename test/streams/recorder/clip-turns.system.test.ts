import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Actor } from '../../../src/shared/actor.ts';
import { ClipsBusyError, ClipTooSlowError, ClipTurns } from '../../../src/streams/recorder/clip-turns.ts';
import { recorderPlugin } from '../../../src/streams/recorder/plugin.ts';
import { RecordingDisk } from '../../../src/streams/recorder/recording-disk.ts';
import { fakeDeeds } from '../../helpers/fake-deeds.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip } from '../clips.ts';
import { openRecordingHouse, timelineOf } from './recording-house.ts';

const limits = { atOnce: 2, wholeMs: 60_000, idleMs: 60_000 };
const wait = { timeout: 60_000, interval: 20 };

async function* endless(everyMs: number): AsyncGenerator<Buffer, void, undefined> {
  while (true) {
    await new Promise((resolve) => setTimeout(resolve, everyMs).unref());
    yield Buffer.from('x');
  }
}

test('a few clips are made at once; one that ends, in whatever way, makes room', async () => {
  const turns = new ClipTurns(limits);
  const [first, second] = [turns.take(), turns.take()];
  expect(() => turns.take()).toThrow(ClipsBusyError);
  expect(new ClipsBusyError()).toMatchObject({ statusCode: 503, retryAfterSeconds: 10 });
  expect(await first.guard(Readable.from([Buffer.from('all')])).toArray()).toEqual([Buffer.from('all')]);
  await expect.poll(() => turns.used, wait).toBe(1);
  const left = second.guard(Readable.from(endless(1)));
  left.once('data', () => left.destroy());
  await expect.poll(() => turns.used, wait).toBe(0);
});

test.each([
  ['moves, but takes too long', { ...limits, wholeMs: 200 }, 5],
  ['does not move', { ...limits, idleMs: 200 }, 1_000_000],
])('a clip that %s is given up', async (_what, given, everyMs) => {
  const turns = new ClipTurns(given);
  const planned = turns.take();
  await expect(planned.within(new Promise<object>(() => undefined))).rejects.toThrow(ClipTooSlowError);
  const read = turns
    .take()
    .guard(Readable.from(endless(everyMs)))
    .toArray();
  await expect(read).rejects.toThrow();
  await expect.poll(() => turns.used, wait).toBe(0);
});

/** A disk that gives the heads of its files, and their pictures when it is told to. */
class GatedDisk extends RecordingDisk {
  openFiles = 0;
  gate: Promise<void> | undefined;
  readonly #planned = new Set<string>();

  override async open(file: string) {
    const { read, ...opened } = await super.open(file);
    const gated = this.#planned.has(file);
    this.#planned.add(file);
    this.openFiles += 1;
    return {
      read: async (offset: number, length: number) => {
        if (gated) await this.gate;
        return await read(offset, length);
      },
      [Symbol.asyncDispose]: async () => {
        await opened[Symbol.asyncDispose]();
        this.openFiles -= 1;
      },
    };
  }
}

const reviewer: Actor = { id: 'u1', name: 'reviewer', role: 'reviewer', areas: [] };

test('a client that leaves in the middle of a clip: its file is closed, and the next one has its turn', async () => {
  const from = new Date(Date.now() - 1_000);
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(await tempDir());
  const disk = new GatedDisk(path);
  const options = { disk, clipLimits: { ...limits, atOnce: 1 }, segmentMs: { continuous: 2_000, alert: 1_000 } };
  const house = opened.use(await openRecordingHouse({ clips: { cam: await makeClip({ size: '320x240' }) }, options }));
  const recorded = async () => (await timelineOf(house.recorder, 'cam', from)).find(({ kind }) => kind === 'recording');
  const lengthMs = async () => {
    const span = await recorded();
    return span ? span.to.getTime() - span.from.getTime() : 0;
  };
  await expect.poll(lengthMs, wait).toBeGreaterThan(4_000);
  const span = await recorded();
  const { streams, recorder } = house;
  const app = Fastify({ forceCloseConnections: true });
  opened.defer(() => app.close());
  await app.register(recorderPlugin, { streams, recorder, actorOf: () => reviewer, begin: fakeDeeds().begin });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `${origin}/cameras/cam/clip.mp4?from=${span?.from.toISOString()}&to=${span?.to.toISOString()}`;
  const gate = Promise.withResolvers<void>();
  disk.gate = gate.promise;
  const leaving = new AbortController();
  const begun = await fetch(url, { signal: leaving.signal });
  expect(begun.status).toBe(200);
  await expect.poll(() => disk.openFiles, wait).toBe(1);
  const refused = await fetch(url);
  expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('CLIPS_BUSY')]);
  leaving.abort();
  gate.resolve();
  await expect.poll(() => disk.openFiles, wait).toBe(0);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
  const again = async () => {
    const next = await fetch(url);
    const bytes = (await next.arrayBuffer()).byteLength;
    return next.ok && bytes === Number(next.headers.get('content-length'));
  };
  await expect.poll(again, wait).toBe(true);
  await expect.poll(() => disk.openFiles, wait).toBe(0);
}, 180_000);
