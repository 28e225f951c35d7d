import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../shared/log.ts';
import {
  type CameraSpan,
  deleteHold,
  insertHold,
  type Recording,
  recordingBefore,
  ringRecordings,
  unfinishedRecordings,
} from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import type { HubViewer, ViewerSink } from '../hub/hub-viewer.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { CameraRecorder } from './camera-recorder.ts';
import { type Clip, ClipSpanError, maxClipFiles, maxClipMs, planClip } from './clip.ts';
import { type OnPlaybackEnd, Playback, type PlaybackRequest } from './playback.ts';
import type { RecordConfig, RecordingConfig } from './recording-config.ts';
import { type Disk, RecordingDisk } from './recording-disk.ts';
import { type RecordingState, type StallCause, segmentMs } from './recording-facts.ts';
import { RecordingIndex } from './recording-index.ts';
import { adoptUnknown, repairUnfinished } from './repair.ts';
import { Retention, type RetentionPass } from './retention.ts';
import { Ring } from './ring.ts';
import { type RecordingTimeline, Shelf } from './shelf.ts';

export interface RecordedCamera {
  readonly id: string;
  readonly record?: RecordConfig;
}

/** Calls `take` with every picture of a camera, and keeps it connected, until the returned function is called. */
export type Feed = (camera: string, take: (arrived: ArrivedUnit) => void) => () => void;

export interface RecorderOptions {
  readonly cameras: readonly RecordedCamera[];
  readonly config: RecordingConfig;
  readonly dataDirectory: string;
  readonly store: Store;
  readonly feed: Feed;
  readonly log: Log;
  /** For tests: a disk that fails, shorter files. */
  readonly disk?: Disk;
  readonly segmentMs?: { readonly continuous: number; readonly alert: number };
}

const tickMs = 250;
const indexEveryMs = 5_000;
const pruneEveryMs = 60_000;
/** With the file being written: the last minute before an alert. */
const ringParts = 6;
const retryMs = 5_000;

/** Records cameras onto the disk, knows what there is, and deletes what is too old. */
export class Recorder {
  readonly disk: Disk;
  readonly #options: RecorderOptions;
  readonly #root: string;
  readonly #index: RecordingIndex;
  readonly #shelf: Shelf;
  readonly #playback: Playback;
  readonly #retention: Retention;
  readonly #cameras = new Map<string, CameraRecorder>();
  readonly #rings = new Map<string, Ring>();
  readonly #ends: (() => void)[] = [];
  readonly #closing = new AbortController();
  #pruneWaits = false;
  #ready: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    const { config, dataDirectory, store, log, cameras } = options;
    this.#options = options;
    this.#root = config.directory ?? join(dataDirectory, 'recordings');
    this.disk = options.disk ?? new RecordingDisk(this.#root);
    this.#index = new RecordingIndex(store, log);
    this.#shelf = new Shelf({ store, disk: this.disk, index: this.#index });
    this.#playback = new Playback(this.#shelf, log);
    const daysOf = new Map(
      cameras.flatMap(({ id, record }) => (record?.days === undefined ? [] : [[id, record.days]])),
    );
    const { days, maxDiskPercent } = config;
    this.#retention = new Retention({ store, disk: this.disk, days, daysOf, maxDiskPercent, log });
  }

  /** Returns at once, cameras and disk up or down. */
  start(): void {
    this.#ready ??= this.#open().catch((err) => this.#options.log.error({ err }, 'recorder not started'));
  }

  /** How each camera that is to be recorded stands. */
  states(): ReadonlyMap<string, RecordingState> {
    return new Map([...this.#cameras].map(([camera, recorder]) => [camera, recorder.state]));
  }

  /** Pictures that the disk could not take, of all cameras. */
  get skipped(): number {
    return [...this.#cameras.values()].reduce((all, { skipped }) => all + skipped, 0);
  }

  /** What there is of a span, gaps with their reasons. */
  timeline(span: CameraSpan): Promise<RecordingTimeline> {
    return this.#shelf.timeline(span, this.#cameras.get(span.camera)?.state ?? { phase: 'off' });
  }

  /** At most an hour as one MP4. Throws ClipSpanError, NothingRecordedError. */
  async clip(span: CameraSpan): Promise<Clip> {
    const ms = span.to.getTime() - span.from.getTime();
    if (!(ms > 0 && ms <= maxClipMs)) throw new ClipSpanError();
    return await planClip(this.disk, await this.#shelf.recordings(span, maxClipFiles), span);
  }

  /** FLV of what was recorded, as fast as asked; ends with `closed` at the end of it. Throws PlaybackBusyError. */
  playback(request: PlaybackRequest, sink: ViewerSink, onEnd?: OnPlaybackEnd): HubViewer {
    return this.#playback.open(request, sink, onEnd);
  }

  /** Keeps what a camera that is recorded around its alerts sees in the span, also what is still to come of it. */
  async keep(span: CameraSpan, reason: string): Promise<void> {
    if (!this.#rings.has(span.camera)) return;
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

  /** A pass of retention now. `confirm`: somebody has seen that more than a fifth of all files will go. */
  async prune(options: { readonly confirm?: boolean | undefined } = {}): Promise<RetentionPass> {
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
    const found = await this.#find();
    if (!found || this.#closing.signal.aborted) return;
    const waiting = { bytes: 0 };
    const begun = new Set<string>();
    for (const camera of found.cameras) this.#record(camera, waiting, begun);
    this.#every(tickMs, () => this.#tick());
    this.#every(indexEveryMs, () => void this.#index.flush());
    this.#every(pruneEveryMs, () => this.#pruneSoon());
    const { store, log } = this.#options;
    const repair = { store, disk: this.disk, root: this.#root, log, signal: this.#closing.signal };
    await repairUnfinished(repair, found.left);
    await adoptUnknown(repair, (file) => begun.has(file));
    this.#pruneSoon();
  }

  /** What the last run left; asked again until the disk and the database answer. */
  async #find(): Promise<{ left: Recording[]; cameras: FoundCamera[] } | undefined> {
    const { store, cameras, log } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.disk.usage();
        const left = await unfinishedRecordings(store.db);
        const found: FoundCamera[] = [];
        for (const { id, record } of cameras) if (record) found.push(await findCamera(store, id, record));
        return { left, cameras: found };
      } catch (err) {
        log.error({ err }, 'recorder cannot start yet');
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  #record({ camera, mode, recordedBefore, ring }: FoundCamera, waiting: { bytes: number }, begun: Set<string>): void {
    const { store, feed, log } = this.#options;
    const { disk } = this;
    if (mode === 'alert') this.#rings.set(camera, new Ring({ store, disk, log, parts: ringParts }, ring));
    const recorder = new CameraRecorder({
      camera,
      ring: mode === 'alert',
      segmentMs: (this.#options.segmentMs ?? segmentMs)[mode],
      gap: recordedBefore ? 'restart' : 'not_recorded',
      disk,
      index: this.#index,
      waiting,
      begun: (file) => void begun.add(file),
      finished: (recording) => this.#finished(recording),
      stalled: (cause, err) => this.#stalled(camera, cause, err),
    });
    this.#cameras.set(camera, recorder);
    this.#ends.push(feed(camera, (arrived) => recorder.take(arrived)));
  }

  #finished(recording: Recording): void {
    this.#retention.written(recording.bytes);
    this.#rings.get(recording.camera)?.add(recording);
  }

  #stalled(camera: string, cause: StallCause, err: unknown): void {
    this.#options.log.error({ camera, cause, err }, 'recording stalled');
    if (cause === 'disk_full') this.#pruneSoon();
  }

  #tick(): void {
    for (const recorder of this.#cameras.values()) recorder.tick();
  }

  #pruneSoon(): void {
    if (this.#pruneWaits) return;
    this.#pruneWaits = true;
    this.prune()
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
    this.#playback.close();
    await this.#ready;
    for (const end of this.#ends) end();
    await Promise.all([...this.#cameras.values()].map((recorder) => recorder.close()));
    await Promise.all([...this.#rings.values()].map((ring) => ring.close()));
    await this.#retention.close();
    await this.#index.close();
  }
}

interface FoundCamera {
  readonly camera: string;
  readonly mode: RecordConfig['mode'];
  readonly recordedBefore: boolean;
  readonly ring: readonly Recording[];
}

async function findCamera({ db }: Store, camera: string, { mode }: RecordConfig): Promise<FoundCamera> {
  const before = await recordingBefore(db, camera, new Date());
  const ring = mode === 'alert' ? await ringRecordings(db, camera) : [];
  return { camera, mode, recordedBefore: before !== undefined, ring };
}
