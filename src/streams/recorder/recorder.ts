import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../shared/log.ts';
import { type CameraSpan, deleteHold, insertHold, unfinishedRecordings } from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import { type Clip, ClipSpanError, maxClipFiles, maxClipMs, planClip } from './clip.ts';
import { type ClipLimits, ClipTurns } from './clip-turns.ts';
import type { PlaybackTranscoding } from './h264-output.ts';
import { type Original, originalOf } from './originals.ts';
import { Playback } from './playback.ts';
import { type Feed, type Hear, type RecordedCamera, RecordedCameras } from './recorded-cameras.ts';
import type { RecordingConfig } from './recording-config.ts';
import { type Disk, RecordingDisk } from './recording-disk.ts';
import { type RecordingState, segmentMs } from './recording-facts.ts';
import { RecordingIndex } from './recording-index.ts';
import { adoptUnknown, repairUnfinished } from './repair.ts';
import { type PruneOptions, Retention, type RetentionPass } from './retention.ts';
import { type RecordingTimeline, Shelf } from './shelf.ts';

export interface RecorderOptions {
  readonly cameras: readonly RecordedCamera[];
  readonly config: Omit<RecordingConfig, 'sound'>;
  readonly dataDirectory: string;
  readonly store: Store;
  readonly feed: Feed;
  /** Absent: pictures are recorded without their sound. */
  readonly hear?: Hear;
  readonly transcoding: Omit<PlaybackTranscoding, 'log'>;
  readonly log: Log;
  /** For tests: a disk that fails, shorter files, less patience. */
  readonly disk?: Disk;
  readonly segmentMs?: { readonly continuous: number; readonly alert: number };
  readonly blockedLimitMs?: number;
  readonly clipLimits?: ClipLimits;
}

const tickMs = 250;
const indexEveryMs = 5_000;
const pruneEveryMs = 60_000;
const retryMs = 5_000;

/** Records the pictures of cameras, and their sound where it is heard, onto the disk, knows what there is, and deletes what is too old. */
export class Recorder {
  readonly disk: Disk;
  /** What was recorded, played to viewers. */
  readonly playback: Playback;
  readonly #options: RecorderOptions;
  readonly #root: string;
  readonly #index: RecordingIndex;
  readonly #shelf: Shelf;
  readonly #retention: Retention;
  readonly #cameras: RecordedCameras;
  readonly #closing = new AbortController();
  readonly #clips: ClipTurns;
  #pruneWaits = false;
  #wanted: readonly RecordedCamera[];
  #ready: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    const { config, dataDirectory, store, log, cameras } = options;
    this.#options = options;
    this.#root = config.directory ?? join(dataDirectory, 'recordings');
    this.disk = options.disk ?? new RecordingDisk(this.#root);
    this.#index = new RecordingIndex(store, log);
    this.#shelf = new Shelf({ store, disk: this.disk, index: this.#index });
    const transcoding = { ...options.transcoding, log };
    const { blockedLimitMs } = options;
    this.playback = new Playback({ shelf: this.#shelf, transcoding, blockedLimitMs, log });
    this.#clips = new ClipTurns(options.clipLimits);
    const { days, maxDiskPercent } = config;
    const daysOf = () => ownDays(this.#wanted);
    this.#retention = new Retention({ store, disk: this.disk, days, daysOf, maxDiskPercent, log });
    this.#wanted = cameras;
    this.#cameras = new RecordedCameras({
      ...options,
      disk: this.disk,
      index: this.#index,
      segmentMs: options.segmentMs ?? segmentMs,
      finished: ({ bytes }) => this.#retention.written(bytes),
      stalled: (cause) => {
        if (cause === 'disk_full') this.#pruneSoon(true);
      },
    });
  }

  /** Returns at once, cameras and disk up or down. */
  start(): void {
    this.#ready ??= this.#open().catch((err) => this.#options.log.error({ err }, 'recorder not started'));
  }

  /**
   * From now on these are the cameras; one that is recorded as before goes on without a gap. Resolves when the files of
   * the others are closed.
   */
  configure(cameras: readonly RecordedCamera[]): Promise<void> {
    this.#wanted = cameras;
    this.#ready = this.#ready?.then(() => this.#settle());
    return this.#ready ?? Promise.resolve();
  }

  /** How each camera that is to be recorded stands. */
  states(): ReadonlyMap<string, RecordingState> {
    return this.#cameras.states;
  }

  /** Pictures that the disk could not take, of all cameras. */
  get skipped(): number {
    return this.#cameras.skipped;
  }

  /** What there is of a span, gaps with their reasons. */
  timeline(span: CameraSpan): Promise<RecordingTimeline> {
    return this.#shelf.timeline(span, this.#cameras.states.get(span.camera) ?? { phase: 'off' });
  }

  /** At most an hour as one MP4, a few at once. Throws ClipSpanError, NothingRecordedError, ClipsBusyError, ClipTooSlowError. */
  async clip(span: CameraSpan): Promise<Clip> {
    const ms = span.to.getTime() - span.from.getTime();
    if (!(ms > 0 && ms <= maxClipMs)) throw new ClipSpanError();
    const turn = this.#clips.take();
    try {
      const clip = await turn.within(this.#plan(span));
      return { ...clip, stream: () => turn.guard(clip.stream()), leave: () => turn.end() };
    } catch (error) {
      turn.end();
      throw error;
    }
  }

  /** The recorded files that reach into a span of at most an hour, oldest first, as they are. Throws ClipSpanError. */
  async originals(span: CameraSpan): Promise<Original[]> {
    const ms = span.to.getTime() - span.from.getTime();
    if (!(ms > 0 && ms <= maxClipMs)) throw new ClipSpanError();
    const recordings = await this.#shelf.recordings(span, maxClipFiles);
    return recordings.map((recording) => originalOf(this.disk, recording));
  }

  /** Keeps what a camera that is recorded around its alerts sees in the span, also what is still to come of it. */
  async keep(span: CameraSpan, reason: string): Promise<void> {
    if (!this.#cameras.isRing(span.camera)) return;
    await insertHold(this.#options.store.db, { ...span, kind: 'keep', reason });
  }

  /** From now on nothing of the span is deleted, by age or for room, before `unlock` with the id it resolves with. */
  async lock(span: CameraSpan, reason: string): Promise<string> {
    return await insertHold(this.#options.store.db, { ...span, kind: 'lock', reason });
  }

  /** False when there is no such lock. */
  async unlock(id: string): Promise<boolean> {
    return await deleteHold(this.#options.store.db, id);
  }

  /** A pass of retention now. */
  async prune(options: Pick<PruneOptions, 'confirm' | 'full'> = {}): Promise<RetentionPass> {
    await this.#index.flush();
    return await this.#retention.prune(options);
  }

  /** Safe to call twice; every picture taken is on disk, no file is open and no timer left. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(): Promise<void> {
    const left = await this.#persist(async () => {
      await this.disk.usage();
      return await unfinishedRecordings(this.#options.store.db);
    });
    await this.#settle();
    if (!left || this.#closing.signal.aborted) return;
    this.#every(tickMs, () => this.#cameras.tick());
    this.#every(indexEveryMs, () => void this.#index.flush());
    this.#every(pruneEveryMs, () => this.#pruneSoon());
    const { store, log } = this.#options;
    const repair = { store, disk: this.disk, root: this.#root, log, signal: this.#closing.signal };
    await repairUnfinished(repair, left);
    await adoptUnknown(repair, (file) => this.#cameras.isOurs(file));
    this.#cameras.adopted();
    this.#pruneSoon();
  }

  async #plan(span: CameraSpan): Promise<Omit<Clip, 'leave'>> {
    return await planClip(this.disk, await this.#shelf.recordings(span, maxClipFiles), span);
  }

  async #settle(): Promise<void> {
    await this.#persist(() => this.#cameras.configure(this.#wanted));
  }

  /** Tries until the disk and the database do it; undefined when the recorder is closed before. */
  async #persist<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        return await work();
      } catch (err) {
        this.#options.log.error({ err }, 'recorder cannot start yet');
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  #pruneSoon(full = false): void {
    if (this.#pruneWaits) return;
    this.#pruneWaits = true;
    this.prune({ full })
      .finally(() => {
        this.#pruneWaits = false;
      })
      .catch((err) => this.#options.log.error({ err }, 'retention failed'));
  }

  #every(ms: number, work: () => void): void {
    if (this.#closing.signal.aborted) return;
    const timer = setInterval(work, ms);
    this.#closing.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    this.#clips.close();
    await this.playback.close();
    await this.#ready;
    await this.#cameras.close();
    await this.#retention.close();
    await this.#index.close();
  }
}

function ownDays(cameras: readonly RecordedCamera[]): Map<string, number> {
  return new Map(cameras.flatMap(({ id, record }) => (record?.days === undefined ? [] : [[id, record.days]])));
}
