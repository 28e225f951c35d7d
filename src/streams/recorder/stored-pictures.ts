import type { Recording } from '../../store/recordings-repository.ts';
import type { AccessUnit, ParameterSets } from '../rtp/nal.ts';
import { nalsOf, type ReadAt, readSegment, type StoredSample, type StoredSegment } from './fmp4-reader.ts';
import { ticksPerSecond } from './mp4-track.ts';
import { sameSets } from './parameter-record.ts';
import type { Disk } from './recording-disk.ts';

/** Where recorded files are found. */
export interface RecordingShelf {
  readonly disk: Disk;
  /** The file that holds the moment, or the first one after it. */
  recordingFrom(camera: string, at: Date): Promise<Recording | undefined>;
  /** The file that starts next. */
  recordingAfter(camera: string, recording: Recording): Promise<Recording | undefined>;
}

/** A picture read back from the disk. */
export interface StoredPicture {
  readonly unit: AccessUnit;
  /** When it was taken, by the center's clock. */
  readonly at: Date;
  /** Ticks since the first picture given out, gaps left out. */
  readonly decodeTicks: number;
  readonly shownTicks: number;
}

export interface PictureQuestion {
  readonly camera: string;
  readonly from: Date;
  readonly keysOnly: boolean;
  readonly signal: AbortSignal;
}

/** A longer pause within a file is a hole, and passed over. */
const maxStepTicks = 2 * ticksPerSecond;
/** Files follow each other directly when they meet within so long, milliseconds. */
const seamMs = 250;
const readBytes = 512 * 1024;

/** When a stored picture was taken. */
export function takenAt({ startedAt }: Recording, { decodeTicks, offsetTicks }: StoredSample): Date {
  return new Date(startedAt.getTime() + Math.round(((decodeTicks + offsetTicks) * 1_000) / ticksPerSecond));
}

/** The last key picture shown at `from` or before; the first of all when there is none. */
export function keyIndexBefore(recording: Recording, samples: readonly StoredSample[], from: Date): number {
  return Math.max(
    0,
    samples.findLastIndex((sample) => sample.key && takenAt(recording, sample) <= from),
  );
}

/** All pictures of a camera from the key picture before `from` to the end of what there is; gaps are passed over. */
export async function* picturesFrom(
  shelf: RecordingShelf,
  question: PictureQuestion,
): AsyncGenerator<StoredPicture, void, undefined> {
  const { camera, from, keysOnly, signal } = question;
  const clock = new PlayClock();
  let recording = await shelf.recordingFrom(camera, from);
  for (let index: number | undefined; recording && !signal.aborted; ) {
    const current: Recording = recording;
    await using stored = await openStored(shelf.disk, current);
    const { samples } = stored.segment;
    const start: number = index ?? keyIndexBefore(current, samples, from);
    const wanted = samples.slice(start).filter(({ key }) => key || !keysOnly);
    const { segment } = stored;
    yield* readAll(stored.read, wanted, (sample, data) => clock.picture({ recording: current, segment, sample, data }));
    const grows = current.open && samples.length > start;
    index = grows ? samples.length : 0;
    if (!grows) recording = await shelf.recordingAfter(camera, current);
  }
}

interface OpenStored extends AsyncDisposable {
  readonly read: ReadAt;
  readonly segment: StoredSegment;
}

/** A file that is gone meanwhile, or damaged, holds nothing: what comes after it plays on. */
async function openStored(disk: Disk, { file, codec }: Recording): Promise<OpenStored> {
  await using opened = new AsyncDisposableStack();
  try {
    const { read } = opened.use(await disk.open(file));
    const segment = await readSegment(read);
    const left = opened.move();
    return { read, segment, [Symbol.asyncDispose]: () => left.disposeAsync() };
  } catch {
    const sets = { sps: Buffer.alloc(0), pps: [] };
    const empty = {
      codec: codec === 'h265' ? 'h265' : 'h264',
      sets,
      samples: [],
      intactBytes: 0,
      endTicks: 0,
    } as const;
    return { read: async () => Buffer.alloc(0), segment: empty, [Symbol.asyncDispose]: async () => undefined };
  }
}

/** Reads samples that lie close together at once. */
async function* readAll<T>(
  read: ReadAt,
  samples: readonly StoredSample[],
  make: (sample: StoredSample, data: Buffer) => T,
) {
  for (let at = 0; at < samples.length; ) {
    const first = samples[at];
    if (!first) return;
    const beyond = samples.findIndex(
      ({ offset, size }, index) => index > at && offset + size - first.offset > readBytes,
    );
    const group = samples.slice(at, beyond === -1 ? undefined : beyond);
    const last = group.at(-1) ?? first;
    const bytes = await read(first.offset, last.offset + last.size - first.offset);
    for (const sample of group) {
      const start = sample.offset - first.offset;
      yield make(sample, bytes.subarray(start, start + sample.size));
    }
    at += group.length;
  }
}

interface ReadPicture {
  readonly recording: Recording;
  readonly segment: StoredSegment;
  readonly sample: StoredSample;
  readonly data: Buffer;
}

interface Played {
  readonly recording: Recording;
  readonly sample: StoredSample;
}

/** One rising time over files and gaps. */
class PlayClock {
  #ticks = 0;
  #last: Played | undefined;
  #sets: ParameterSets | undefined;

  picture({ recording, segment, sample, data }: ReadPicture): StoredPicture {
    const { codec } = segment;
    const parameters = this.#sets && sameSets(this.#sets, segment.sets) ? this.#sets : segment.sets;
    const afterLoss = this.#advance(recording, sample);
    this.#sets = parameters;
    this.#last = { recording, sample };
    const shownTicks = this.#ticks + sample.offsetTicks;
    const timestamp = shownTicks >>> 0;
    const unit: AccessUnit = { codec, key: sample.key, nals: nalsOf(data), parameters, timestamp, afterLoss };
    return { unit, at: takenAt(recording, sample), decodeTicks: this.#ticks, shownTicks };
  }

  /** Says whether pictures are missing right before this one. */
  #advance(recording: Recording, sample: StoredSample): boolean {
    const last = this.#last;
    if (!last) return false;
    if (last.recording.id !== recording.id) {
      this.#ticks += Math.min(last.sample.durationTicks, maxStepTicks);
      return recording.startedAt.getTime() - last.recording.endedAt.getTime() > seamMs;
    }
    const step = sample.decodeTicks - last.sample.decodeTicks;
    this.#ticks += Math.min(step, maxStepTicks);
    return step > maxStepTicks;
  }
}
