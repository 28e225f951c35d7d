import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { type DetectorError, DetectorHung, FrameDropped } from './detector-errors.ts';
import { DetectorThread } from './detector-thread.ts';
import type { GraphModelOptions, ModelFacts } from './graph-model.ts';
import { refuseIdentity, refuseIdentityFile } from './labels.ts';
import type { CameraFrame, Detected, Detector, Rank, UnitBox, YuvFrame } from './model.ts';

export interface DetectorPoolOptions extends Omit<GraphModelOptions, 'path'> {
  /** The model.json of a TensorFlow.js graph model. */
  readonly model: string;
  /** Threads; one is a core at full load and about 150 MB. */
  readonly workers: number;
  readonly frameMs?: number;
  /** How long a picture may wait for a worker. */
  readonly waitMs?: number;
  readonly loadMs?: number;
  readonly blindMs?: number;
  readonly script?: URL;
  readonly log: Log;
}

/**
 * `ready` when a worker has loaded the model. `blind` when nothing is being detected any more, with what is known of the
 * cause; `sight` when it is again.
 */
export interface DetectorPoolEvents {
  ready: [facts: ModelFacts | undefined];
  blind: [cause: Error];
  sight: [];
}

export interface DetectorCounts {
  readonly detected: number;
  readonly failed: number;
  readonly dropped: number;
  readonly restarts: number;
}

interface Waiting {
  readonly frame: CameraFrame;
  readonly regions: readonly UnitBox[];
  readonly rank: Rank;
  readonly since: number;
  readonly answer: PromiseWithResolvers<Detected>;
}

/** Whose turn has not come for so long goes before whatever is pressing. */
const patientMs = 2_000;
/** From so many failures in a row on, a worker that rests proves nothing. */
const doubtful = 2;
/** From so many on it is known sooner that nobody sees: half of what is waited for when there is no answer at all. */
const hopeless = 3;
const workerScript = new URL('./detector-worker.ts', import.meta.url);
const maxSide = 8_192;

/**
 * Detector workers shared by all cameras: one picture of a camera is looked at and one waits, a newer one takes its
 * place, and cameras take turns, but for what is pressing. What hangs or crashes is restarted; when nothing works any
 * more, it says so.
 */
export class DetectorPool extends EventEmitter<DetectorPoolEvents> implements Detector {
  readonly #options: DetectorPoolOptions;
  readonly #threads: readonly DetectorThread[];
  readonly #waiting = new Map<string, Waiting>();
  readonly #looking = new Set<string>();
  readonly #waitMs: number;
  readonly #blindMs: number;
  readonly #counts = { detected: 0, failed: 0, dropped: 0 };
  #lastGood = performance.now();
  #failures = 0;
  #lastCause: Error;
  #isBlind = false;
  #watch: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Throws IdentityModelRefused when the labels or the model's name would tell who somebody is. */
  constructor(options: DetectorPoolOptions) {
    super();
    const { model, workers, script = workerScript, log, loadMs = 30_000, frameMs = 10_000 } = options;
    const { backend, adapter, labels, size, minScore, thresholds } = options;
    refuseIdentity(labels?.values() ?? []);
    refuseIdentityFile(model);
    this.#options = options;
    this.#waitMs = options.waitMs ?? 10_000;
    this.#blindMs = options.blindMs ?? 10_000;
    this.#lastCause = new DetectorHung(this.#blindMs);
    const setup = { path: model, backend, adapter, labels, size, minScore, thresholds };
    this.#threads = Array.from({ length: workers }, () => new DetectorThread({ script, setup, frameMs, loadMs, log }));
  }

  get counts(): DetectorCounts {
    return { ...this.#counts, restarts: this.#threads.reduce((sum, { restarts }) => sum + restarts, 0) };
  }

  get isBlind(): boolean {
    return this.#isBlind;
  }

  start(): void {
    if (this.#watch || this.#isClosed) return;
    this.#lastGood = performance.now();
    this.#watch = setInterval(() => this.#check(), Math.min(1_000, this.#blindMs / 4)).unref();
    for (const thread of this.#threads) {
      thread.on('ready', (facts) => {
        this.#options.log.info({ ...facts }, 'detector worker ready');
        this.emit('ready', facts);
      });
      thread.on('idle', () => this.#next());
      thread.on('down', (cause) => this.#lose(cause));
      thread.start();
    }
  }

  /** Rejects with a DetectorError when the picture was not looked at to the end. */
  detect(frame: CameraFrame, regions: readonly UnitBox[] = [], rank: Rank = 'usual'): Promise<Detected> {
    const { camera } = frame;
    if (!isReadable(frame)) return Promise.reject(new FrameDropped(camera, 'unreadable'));
    if (this.#isClosed) return Promise.reject(new FrameDropped(camera, 'closed'));
    const older = this.#waiting.get(camera);
    const answer = Promise.withResolvers<Detected>();
    this.#waiting.set(camera, { frame, regions, rank, since: older?.since ?? performance.now(), answer });
    if (older) this.#drop(older, 'newer');
    this.#next();
    return answer.promise;
  }

  /** Safe to call twice; once it resolves, every picture is answered and no worker is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#watch);
    for (const waiting of this.#waiting.values()) this.#drop(waiting, 'closed');
    this.#waiting.clear();
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Gives idle workers the next picture; those of one camera are looked at one after the other. */
  #next(): void {
    for (const thread of this.#threads.filter(({ isIdle }) => isIdle)) {
      const waiting = nextOf([...this.#waiting.values()].filter(({ frame }) => !this.#looking.has(frame.camera)));
      if (!waiting) return;
      const { camera } = waiting.frame;
      this.#waiting.delete(camera);
      this.#looking.add(camera);
      void this.#look(thread, waiting);
    }
  }

  async #look(thread: DetectorThread, { frame, regions, answer }: Waiting): Promise<void> {
    try {
      const detected = await thread.detect(frame, regions);
      this.#counts.detected += 1;
      this.#failures = 0;
      this.#see();
      answer.resolve(detected);
    } catch (error) {
      this.#counts.failed += 1;
      this.#failures += 1;
      if (error instanceof Error) this.#lastCause = error;
      answer.reject(error);
    }
    this.#looking.delete(frame.camera);
    this.#next();
  }

  #drop({ frame, answer }: Waiting, reason: 'newer' | 'late' | 'closed'): void {
    this.#counts.dropped += 1;
    answer.reject(new FrameDropped(frame.camera, reason));
  }

  #check(): void {
    const now = performance.now();
    for (const [camera, waiting] of this.#waiting) {
      if (now - waiting.since < this.#waitMs) continue;
      this.#waiting.delete(camera);
      this.#drop(waiting, 'late');
    }
    const isResting = this.#waiting.size === 0 && this.#looking.size === 0 && this.#failures < doubtful;
    if (isResting && this.#threads.some(({ isIdle }) => isIdle)) this.#see();
    const patienceMs = this.#failures >= hopeless ? this.#blindMs / 2 : this.#blindMs;
    if (now - this.#lastGood > patienceMs) this.#goBlind();
  }

  #lose(cause: DetectorError): void {
    this.#lastCause = cause;
    if (cause.code === 'MODEL_UNUSABLE' && !this.#threads.some(({ isIdle }) => isIdle)) this.#goBlind();
  }

  #see(): void {
    this.#lastGood = performance.now();
    if (!this.#isBlind) return;
    this.#isBlind = false;
    this.#options.log.info({ ...this.counts }, 'detector sees again');
    this.emit('sight');
  }

  #goBlind(): void {
    if (this.#isBlind) return;
    this.#isBlind = true;
    this.#options.log.error({ err: this.#lastCause, ...this.counts }, 'detector blind');
    this.emit('blind', this.#lastCause);
  }
}

/** What is pressing, else whose camera waits longest: the first. */
function nextOf(waiting: readonly Waiting[]): Waiting | undefined {
  const [first] = waiting;
  if (!first || performance.now() - first.since > patientMs) return first;
  return waiting.find(({ rank }) => rank === 'pressing') ?? first;
}

function isReadable({ yuv, width, height }: YuvFrame): boolean {
  const isEven = width > 0 && height > 0 && width % 2 === 0 && height % 2 === 0;
  return isEven && Math.max(width, height) <= maxSide && yuv.length === (width * height * 3) / 2;
}
