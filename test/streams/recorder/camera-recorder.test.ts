import { setTimeout as wait } from 'node:timers/promises';
import { test, vi } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import type { Recording } from '../../../src/store/recordings-repository.ts';
import type { ArrivedUnit } from '../../../src/streams/hub/stream-hub.ts';
import { CameraRecorder } from '../../../src/streams/recorder/camera-recorder.ts';
import { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { type Disk, type DiskFile, RecordingDisk } from '../../../src/streams/recorder/recording-disk.ts';
import { RecordingIndex } from '../../../src/streams/recorder/recording-index.ts';
import { TranscoderSlots } from '../../../src/streams/transcode/transcoder-slots.ts';
import { temporaryStore } from '../../helpers/access-house.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { arrivals, demoClip, readPictures } from './clip-units.ts';

/** A disk of so many bytes, and one that hangs when told to. */
class SmallDisk implements Disk {
  readonly #real: RecordingDisk;
  readonly #sizes = new Map<string, number>();
  readonly #totalBytes: number;
  hanging: Promise<void> | undefined;

  constructor(root: string, totalBytes: number) {
    this.#real = new RecordingDisk(root);
    this.#totalBytes = totalBytes;
  }

  get #used(): number {
    return [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  async create(file: string): Promise<DiskFile> {
    const real = await this.#real.create(file);
    return {
      write: async (data, position) => {
        await this.hanging;
        if (this.#used + data.length > this.#totalBytes) {
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
        this.#sizes.set(file, position + data.length);
        await real.write(data, position);
      },
      sync: () => real.sync(),
      close: () => real.close(),
    };
  }

  open(file: string) {
    return this.#real.open(file);
  }

  async cut(file: string, bytes: number): Promise<void> {
    await this.#real.cut(file, bytes);
    this.#sizes.set(file, bytes);
  }

  async remove(file: string): Promise<void> {
    await this.#real.remove(file);
    this.#sizes.delete(file);
  }

  async usage() {
    return { totalBytes: this.#totalBytes, freeBytes: this.#totalBytes - this.#used };
  }
}

type Taker = (arrived: ArrivedUnit) => void;

/** A clip as a camera sends it. */
class PlayedClip {
  readonly #pictures: ReturnType<typeof arrivals>;
  readonly #takers: Iterable<Taker>;
  #next = 0;

  constructor(pictures: ReturnType<typeof arrivals>, takers: Iterable<Taker>) {
    this.#pictures = pictures;
    this.#takers = takers;
  }

  async play(done: () => boolean | Promise<boolean>): Promise<void> {
    const left = this.#pictures.slice(this.#next);
    const startedMs = performance.now() - (left[0]?.nowMs ?? 0);
    for (const { arrived, nowMs } of left) {
      if (await done()) return;
      await wait(Math.max(0, nowMs + startedMs - performance.now()));
      for (const take of this.#takers) take({ unit: arrived.unit, at: new Date() });
      this.#next += 1;
    }
    throw new Error('the clip is over');
  }
}

async function openRecorder(totalBytes: number) {
  await using opened = new AsyncDisposableStack();
  const { store } = opened.use(await temporaryStore());
  const { path } = opened.use(await tempDir());
  const disk = new SmallDisk(path, totalBytes);
  const takers = new Set<Taker>();
  const recorder = new Recorder({
    transcoding: { slots: new TranscoderSlots(1), ffmpegPath: 'ffmpeg' },
    cameras: [{ id: 'cam', record: { mode: 'continuous' } }],
    config: { days: 3, maxDiskPercent: 99 },
    dataDirectory: path,
    store,
    feed: (_, take) => {
      takers.add(take);
      return () => takers.delete(take);
    },
    log: silentLog,
    disk,
    segmentMs: { continuous: 1_000, alert: 1_000 },
  });
  opened.defer(() => recorder.close());
  recorder.start();
  await vi.waitUntil(() => takers.size === 1);
  const camera = new PlayedClip(arrivals(await readPictures(demoClip('traffic'), 20), new Date()), takers);
  const left = opened.move();
  return {
    recorder,
    disk,
    store,
    play: (done: () => boolean | Promise<boolean>) => camera.play(done),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/* A clip is played in real time, each test's onto a disk of its own: all of them at once. */

test.concurrent('a disk that is full never ends the recording: the oldest goes, locked evidence stays, the gap has a name', async ({
  expect,
}) => {
  await using house = await openRecorder(300_000);
  const { recorder, store } = house;
  const from = new Date(Date.now() - 1_000);
  const rows = async () => await store.db.selectFrom('recordings').selectAll().orderBy('started_at').execute();
  await house.play(async () => (await rows()).filter(({ open }) => open === 0).length >= 1);
  const [first] = await rows();
  if (!first) throw new Error('nothing recorded');
  const span = { camera: 'cam', from: new Date(first.started_at), to: new Date(first.ended_at) };
  await recorder.lock(span, 'case');
  await house.play(() => recorder.states().get('cam')?.phase === 'stalled');
  expect(recorder.states().get('cam')).toMatchObject({ phase: 'stalled', cause: 'disk_full' });
  const reasons = async () => {
    const { items } = await recorder.timeline({ camera: 'cam', from, to: new Date() });
    return items.flatMap((item) => (item.kind === 'gap' ? [item.reason] : []));
  };
  await house.play(async () => (await rows()).some(({ gap_before, bytes }) => gap_before === 'disk' && bytes > 20_000));
  expect(await reasons()).toContain('disk');
  expect((await rows())[0]?.id).toBe(first.id);
  expect(recorder.skipped).toBeGreaterThan(0);
}, 60_000);

test.concurrent('a disk that hangs costs bounded memory and a gap with a name, never the camera', async ({
  expect,
}) => {
  await using house = await openRecorder(1e9);
  const { recorder, disk } = house;
  const from = new Date(Date.now() - 1_000);
  await house.play(() => recorder.states().get('cam')?.phase === 'recording');
  const released = Promise.withResolvers<void>();
  disk.hanging = released.promise;
  const startedMs = performance.now();
  await house.play(() => performance.now() - startedMs > 1_500);
  released.resolve();
  disk.hanging = undefined;
  await house.play(() => performance.now() - startedMs > 3_000);
  const { items } = await recorder.timeline({ camera: 'cam', from, to: new Date() });
  expect(items.map((item) => (item.kind === 'gap' ? item.reason : 'recorded'))).toEqual(['not_recorded', 'recorded']);
}, 60_000);

test.concurrent('a file that is gone is passed over, by a clip and by who plays it', async ({ expect }) => {
  await using house = await openRecorder(1e9);
  const { recorder, disk, store } = house;
  const from = new Date(Date.now() - 1_000);
  const rows = async () => await store.db.selectFrom('recordings').selectAll().orderBy('started_at').execute();
  await house.play(async () => (await rows()).filter(({ open }) => open === 0).length >= 3);
  await recorder.close();
  const [, gone] = await rows();
  await disk.remove(gone?.file ?? '');
  const clip = await recorder.clip({ camera: 'cam', from, to: new Date() });
  expect(clip.gaps).toBe(1);
  let bytes = 0;
  for await (const chunk of clip.stream()) bytes += chunk.length;
  expect(bytes).toBe(clip.bytes);
  const ended = Promise.withResolvers<string>();
  let played = 0;
  const write = (data: Buffer) => {
    played += data.length;
    return true;
  };
  const found = await recorder.playback.find({ camera: 'cam', from, speed: 4 });
  found?.open('flv', { write, end: ended.resolve }, () => undefined);
  expect(await ended.promise).toBe('closed');
  expect(Math.abs(played - bytes)).toBeLessThan(bytes / 10);
}, 60_000);

test.concurrent('when more waits for the disk than may, pictures are left out until there is room again', async ({
  expect,
}) => {
  await using database = await temporaryStore();
  await using dir = await tempDir();
  const waiting = { bytes: 200 * 1024 * 1024 };
  const finished: Recording[] = [];
  const recorder = new CameraRecorder({
    camera: 'cam',
    ring: false,
    segmentMs: 60_000,
    gap: 'not_recorded',
    disk: new RecordingDisk(dir.path),
    index: new RecordingIndex(database.store, silentLog),
    waiting,
    begun: () => undefined,
    finished: (recording) => finished.push(recording),
    stalled: () => undefined,
  });
  const camera = new PlayedClip(arrivals(await readPictures(demoClip('traffic'), 20), new Date()), [
    recorder.take.bind(recorder),
  ]);
  await camera.play(() => recorder.state.phase === 'stalled');
  expect(recorder.state).toMatchObject({ phase: 'stalled', cause: 'disk_slow' });
  const stalledMs = performance.now();
  await camera.play(() => performance.now() - stalledMs > 2_500);
  expect(recorder.state.phase).toBe('stalled');
  expect(recorder.skipped).toBeGreaterThan(20);
  waiting.bytes = 0;
  await camera.play(() => recorder.state.phase === 'recording');
  await recorder.close();
  expect(finished.map(({ gapBefore }) => gapBefore)).toEqual(['not_recorded', 'disk']);
}, 60_000);
