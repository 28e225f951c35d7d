import { randomUUIDv7 } from 'node:crypto';
import type { Recording } from '../../store/recordings-repository.ts';
import type { AnnouncedSound, SoundOutput } from '../audio/camera-sound.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import { decideCut } from './cut.ts';
import { OpenSegment } from './open-segment.ts';
import { type GapReason, type RecordingState, type StallCause, silenceMs, stallCauseOf } from './recording-facts.ts';
import { segmentFile } from './segment-name.ts';
import { SegmentWriter, type SegmentWriterOptions } from './segment-writer.ts';

export interface CameraRecorderOptions extends Omit<SegmentWriterOptions, 'failed'> {
  readonly camera: string;
  /** Files are parts of the ring before an alert. */
  readonly ring: boolean;
  readonly segmentMs: number;
  /** Why nothing is recorded right before the first picture. */
  readonly gap: GapReason;
  /** A file is about to be made. */
  readonly begun: (file: string) => void;
  readonly stalled: (cause: StallCause, error: unknown) => void;
}

/** What may wait for the disk: of one camera, and of all. */
const maxWaitingBytes = { camera: 8 * 1024 * 1024, all: 128 * 1024 * 1024 } as const;
const slowRetryMs = 2_000;
const firstRetryMs = 1_000;
/** T07: recording goes on within 30 s of there being space. */
const lastRetryMs = 10_000;
/** Written so long without a fault, the next one counts as the first again. */
const steadyMs = 30_000;

interface Writing {
  readonly segment: OpenSegment;
  readonly writer: SegmentWriter;
}

/** One camera onto the disk. Takes each picture at once and never waits: what the disk cannot take is left out, by name. */
export class CameraRecorder implements SoundOutput {
  readonly #options: CameraRecorderOptions;
  readonly #finishing = new Set<Promise<void>>();
  #writing: Writing | undefined;
  #state: RecordingState;
  #gap: GapReason | undefined;
  #sound: AnnouncedSound | undefined;
  #attempt = 0;
  #retryMs = 0;
  #skipped = 0;

  constructor(options: CameraRecorderOptions) {
    this.#options = options;
    this.#gap = options.gap;
    this.#state = { phase: 'waiting', since: new Date() };
  }

  get state(): RecordingState {
    return this.#state;
  }

  /** Pictures that were not recorded because the disk could not take them. */
  get skipped(): number {
    return this.#skipped;
  }

  take(arrived: ArrivedUnit): void {
    const nowMs = performance.now();
    if (this.#isStalled(nowMs)) {
      this.#skipped += 1;
      return;
    }
    if (this.#writing) this.#cut(this.#writing.segment, arrived, nowMs);
    if (!this.#writing && arrived.unit.key) this.#begin(arrived, nowMs);
    if (!this.#writing) return;
    const { segment, writer } = this.#writing;
    writer.append(segment.add(arrived, nowMs));
    if (this.#isTooSlow(writer)) this.#stall('disk_slow', nowMs, slowRetryMs);
  }

  /** Files that are begun from now on are written with such sound. */
  announceSound(sound: AnnouncedSound | undefined): void {
    this.#sound = sound;
  }

  publishSound(frame: AudioFrame, arrivedMs: number): void {
    this.#writing?.segment.hear(frame, arrivedMs);
  }

  /** Called twice a second: what has waited long enough is written, a file without pictures is closed. */
  tick(): void {
    if (!this.#writing) return;
    const nowMs = performance.now();
    const { segment, writer } = this.#writing;
    writer.append(segment.flush(nowMs));
    if (nowMs - segment.lastMs > silenceMs) this.#break('offline');
    if (nowMs - segment.startedMs > steadyMs) this.#attempt = 0;
  }

  /** Everything taken so far is on disk, or given up, when it resolves. Safe to call twice. */
  async close(): Promise<void> {
    this.#break('restart');
    this.#state = { phase: 'off' };
    await Promise.all(this.#finishing);
  }

  #cut(segment: OpenSegment, arrived: ArrivedUnit, nowMs: number): void {
    const { segmentMs: maxMs } = this.#options;
    const cut = decideCut(segment, arrived, { nowMs, maxMs, ...(this.#sound && { sound: this.#sound }) });
    if (cut.type === 'rotate') this.#end(arrived.at);
    if (cut.type === 'break') this.#break(cut.reason);
  }

  #begin(arrived: ArrivedUnit, nowMs: number): void {
    const { camera, ring } = this.#options;
    const segment = new OpenSegment(arrived, nowMs, this.#sound);
    const id = randomUUIDv7();
    const { startedAt } = segment;
    const { capturedAt, codec } = arrived.unit;
    const recording: Recording = {
      id,
      camera,
      file: segmentFile({ camera, startedAt, ring, mark: id.slice(-8) }),
      ring,
      open: true,
      startedAt,
      endedAt: segment.endedAt,
      bytes: 0,
      codec,
      holes: [],
      ...(this.#gap && { gapBefore: this.#gap }),
      ...(capturedAt && { cameraClockOffsetMs: capturedAt.getTime() - arrived.at.getTime() }),
    };
    this.#options.begun(recording.file);
    const failed = (error: unknown) => this.#fail(writer, error);
    const writer: SegmentWriter = new SegmentWriter({ ...this.#options, failed }, recording, segment);
    this.#writing = { segment, writer };
    this.#gap = undefined;
    if (this.#state.phase !== 'recording') this.#state = { phase: 'recording', since: new Date() };
  }

  /** The file ends; `next` is when the one starts that follows directly. */
  #end(next?: Date): void {
    if (!this.#writing) return;
    const { segment, writer } = this.#writing;
    this.#writing = undefined;
    writer.append(segment.end(next));
    const finishing = writer.finish();
    this.#finishing.add(finishing);
    void finishing.then(() => this.#finishing.delete(finishing));
  }

  #break(reason: GapReason): void {
    if (!this.#writing) return;
    this.#end();
    this.#gap = reason;
    this.#state = { phase: 'waiting', since: new Date() };
  }

  #isStalled(nowMs: number): boolean {
    const full = this.#options.waiting.bytes > maxWaitingBytes.all / 2;
    return this.#state.phase === 'stalled' && (full || nowMs < this.#retryMs);
  }

  #isTooSlow({ waitingBytes }: SegmentWriter): boolean {
    return waitingBytes > maxWaitingBytes.camera || this.#options.waiting.bytes > maxWaitingBytes.all;
  }

  #stall(cause: StallCause, nowMs: number, delayMs: number): void {
    this.#end();
    this.#gap = 'disk';
    this.#retryMs = nowMs + delayMs;
    const now = new Date();
    this.#state = { phase: 'stalled', since: now, cause, retryAt: new Date(now.getTime() + delayMs) };
  }

  /** A file that was finished already may fail too; then nothing more is lost than what it lacks. */
  #fail(writer: SegmentWriter, error: unknown): void {
    const cause = stallCauseOf(error);
    if (this.#writing?.writer === writer) {
      this.#writing = undefined;
      this.#attempt += 1;
      const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#attempt - 1, 10));
      this.#stall(cause, performance.now(), delayMs);
    }
    this.#options.stalled(cause, error);
  }
}
