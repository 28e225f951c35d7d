import type { Log } from '../../shared/log.ts';
import { type Recording, recordingBefore, ringRecordings } from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import type { SoundOutput } from '../audio/camera-sound.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { CameraRecorder } from './camera-recorder.ts';
import type { RecordConfig } from './recording-config.ts';
import type { Disk } from './recording-disk.ts';
import type { RecordingState, StallCause } from './recording-facts.ts';
import type { RecordingIndex } from './recording-index.ts';
import { Ring } from './ring.ts';

export interface RecordedCamera {
  readonly id: string;
  readonly record?: RecordConfig;
}

/** Calls `take` with every picture of a camera, and keeps it connected, until the returned function is called. */
export type Feed = (camera: string, take: (arrived: ArrivedUnit) => void) => () => void;

/** Gives a camera's sound, as AAC, to `output` until the returned function is called. */
export type Hear = (camera: string, output: SoundOutput) => () => void;

export interface RecordedCamerasOptions {
  readonly store: Store;
  readonly disk: Disk;
  readonly index: RecordingIndex;
  readonly feed: Feed;
  /** Absent: pictures only. */
  readonly hear?: Hear;
  readonly log: Log;
  /** How long files are, milliseconds. */
  readonly segmentMs: Readonly<Record<RecordConfig['mode'], number>>;
  readonly finished: (recording: Recording) => void;
  readonly stalled: (cause: StallCause) => void;
}

/** With the file being written: the last minute before an alert. */
const ringParts = 6;

interface Lane {
  readonly mode: RecordConfig['mode'];
  readonly recorder: CameraRecorder;
  readonly ring: Ring | undefined;
  /** No more pictures come, and no sound. */
  readonly end: () => void;
}

/** The cameras that are recorded now, each in its lane. */
export class RecordedCameras {
  readonly #options: RecordedCamerasOptions;
  readonly #lanes = new Map<string, Lane>();
  /** Bytes of all of them that wait for the disk. */
  readonly #waiting = { bytes: 0 };
  /** Files of this process, until those of the last one are known. */
  #begun: Set<string> | undefined = new Set();
  #started = false;

  constructor(options: RecordedCamerasOptions) {
    this.#options = options;
  }

  get states(): ReadonlyMap<string, RecordingState> {
    return new Map([...this.#lanes].map(([camera, { recorder }]) => [camera, recorder.state]));
  }

  /** Pictures that the disk could not take. */
  get skipped(): number {
    return [...this.#lanes.values()].reduce((all, { recorder }) => all + recorder.skipped, 0);
  }

  /** Whether this process has made the file; not to be asked after `adopted`. */
  isOurs(file: string): boolean {
    return this.#begun?.has(file) ?? false;
  }

  /** All files of the last process are known. */
  adopted(): void {
    this.#begun = undefined;
  }

  isRing(camera: string): boolean {
    return this.#lanes.get(camera)?.ring !== undefined;
  }

  /** From now on these are recorded; one that is recorded as before goes on without a gap. */
  async configure(cameras: readonly RecordedCamera[]): Promise<void> {
    const wanted = new Map(cameras.flatMap(({ id, record }) => (record ? [[id, record.mode]] : [])));
    const ended = [...this.#lanes].filter(([id, { mode }]) => wanted.get(id) !== mode);
    await Promise.all(ended.map(([id, lane]) => this.#end(id, lane)));
    for (const [id, mode] of wanted) if (!this.#lanes.has(id)) await this.#begin(id, mode);
    this.#started = true;
  }

  tick(): void {
    for (const { recorder } of this.#lanes.values()) recorder.tick();
  }

  /** Every picture taken so far is on disk, or given up, when it resolves. */
  async close(): Promise<void> {
    await Promise.all([...this.#lanes].map(([id, lane]) => this.#end(id, lane)));
  }

  async #begin(camera: string, mode: RecordConfig['mode']): Promise<void> {
    const { store, disk, index, feed, hear, log } = this.#options;
    const before = await recordingBefore(store.db, camera, new Date());
    const parts = mode === 'alert' ? await ringRecordings(store.db, camera) : undefined;
    const ring = parts && new Ring({ store, disk, log, parts: ringParts }, parts);
    const recorder = new CameraRecorder({
      camera,
      ring: mode === 'alert',
      segmentMs: this.#options.segmentMs[mode],
      gap: before && !this.#started ? 'restart' : 'not_recorded',
      disk,
      index,
      waiting: this.#waiting,
      begun: (file) => void this.#begun?.add(file),
      finished: (recording) => {
        ring?.add(recording);
        this.#options.finished(recording);
      },
      stalled: (cause, err) => {
        log.error({ camera, cause, err }, 'recording stalled');
        this.#options.stalled(cause);
      },
    });
    const stops = [feed(camera, (arrived) => recorder.take(arrived)), hear?.(camera, recorder)];
    this.#lanes.set(camera, { mode, recorder, ring, end: () => stops.forEach((stop) => void stop?.()) });
  }

  async #end(camera: string, { end, recorder, ring }: Lane): Promise<void> {
    end();
    await recorder.close();
    await ring?.close();
    this.#lanes.delete(camera);
  }
}
