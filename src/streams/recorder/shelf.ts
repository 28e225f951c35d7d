import {
  type CameraSpan,
  holdsBetween,
  type Recording,
  recordingAfter,
  recordingBefore,
  recordingsBetween,
} from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Disk } from './recording-disk.ts';
import type { RecordingState } from './recording-facts.ts';
import type { RecordingIndex } from './recording-index.ts';
import { type TimelineSpan, timelineOf } from './recording-timeline.ts';
import type { RecordingShelf } from './stored-pictures.ts';

export interface ShelfOptions {
  readonly store: Store;
  readonly disk: Disk;
  readonly index: RecordingIndex;
}

export interface RecordingTimeline {
  readonly items: readonly TimelineSpan[];
  /** Where to ask on from, when the span held too many files for one answer. */
  readonly next?: Date;
}

const maxRecordings = 20_000;

/** Finds recorded files, also those being written, as far as they are. */
export class Shelf implements RecordingShelf {
  readonly disk: Disk;
  readonly #store: Store;
  readonly #index: RecordingIndex;

  constructor({ store, disk, index }: ShelfOptions) {
    this.disk = disk;
    this.#store = store;
    this.#index = index;
  }

  /** The files that overlap a span, oldest first. */
  async recordings(span: CameraSpan, limit: number): Promise<Recording[]> {
    await this.#index.flush();
    return await recordingsBetween(this.#store.db, span, limit);
  }

  async recordingFrom(camera: string, at: Date): Promise<Recording | undefined> {
    await this.#index.flush();
    const next = new Date(at.getTime() + 1);
    const before = await recordingBefore(this.#store.db, camera, next);
    return before && before.endedAt > at ? before : await recordingAfter(this.#store.db, camera, next);
  }

  async recordingAfter(camera: string, { startedAt }: Recording): Promise<Recording | undefined> {
    await this.#index.flush();
    return await recordingAfter(this.#store.db, camera, new Date(startedAt.getTime() + 1));
  }

  /** What there is of a span until now; `state` is how the camera's recording stands. */
  async timeline({ camera, from, to }: CameraSpan, state: RecordingState): Promise<RecordingTimeline> {
    const now = new Date();
    const until = to < now ? to : now;
    if (until <= from) return { items: [] };
    const span = { camera, from, to: until };
    const recordings = await this.recordings(span, maxRecordings);
    const more = recordings.length === maxRecordings ? recordings.at(-1)?.endedAt : undefined;
    const holds = await holdsBetween(this.#store.db, span);
    const next = await recordingAfter(this.#store.db, camera, until);
    const items = timelineOf({ from, to: more ?? until, recordings, holds, next, state });
    return { items, ...(more && { next: more }) };
  }
}
