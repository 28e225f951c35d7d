import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import { FlvReader } from '../flv/flv-reader.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { matroskaHeader, matroskaPicture } from './matroska.ts';
import type { TimedUnit } from './picture-group.ts';
import { PicturesUnderway } from './pictures-underway.ts';
import { type TranscoderOutput, transcoderArguments } from './transcoder-arguments.ts';

/** A transcoder process ended, or was of no use any more, although it was still wanted. */
export class TranscoderError extends AppError {
  readonly code = 'TRANSCODER_FAILED';
}

export interface TranscodedPicture {
  readonly unit: AccessUnit;
  /** From the arrival of that picture to now, milliseconds. */
  readonly latencyMs: number | undefined;
}

export interface TranscoderChildOptions {
  readonly ffmpegPath: string;
  /** The first picture: a key picture. */
  readonly first: TimedUnit;
  /** Pictures shown before this are only decoded; as `TimedUnit.shownMs`. */
  readonly fromMs: number;
  readonly fps: number;
  readonly output: TranscoderOutput;
  readonly onPicture: (picture: TranscodedPicture) => void;
}

const maxQueuedBytes = 4 * 1024 * 1024;
/** A picture that waits longer for its turn is too old to be worth it. */
const lateMs = 2_000;
/** So long without an answer, and it will never come; the first takes longer on a busy machine. */
const hungMs = 5_000;
const hungAtStartMs = 15_000;
const graceMs = 1_000;
const finishMs = 5_000;
const ticksPerMs = 90;

/** One ffmpeg that turns one camera's pictures into H.264. It skips to the next key picture when it cannot follow. */
export class TranscoderChild {
  readonly #options: TranscoderChildOptions;
  readonly #child: ChildProcess;
  readonly #ended = Promise.withResolvers<TranscoderError>();
  readonly #underway = new PicturesUnderway();
  readonly #reader: FlvReader;
  #answeredTicks = 0;
  #answeredMs = 0;
  #answered = false;
  #waitsForKey = false;
  #dropped = 0;
  #complaint = '';

  constructor(options: TranscoderChildOptions) {
    this.#options = options;
    const { ffmpegPath, first, fromMs, fps, output } = options;
    this.#child = spawnChild(ffmpegPath, transcoderArguments(Math.max(0, fromMs - first.shownMs), output));
    this.#reader = new FlvReader({ picture: (unit) => this.#answer(unit) });
    this.#listen();
    this.#child.stdin?.write(matroskaHeader(first.unit, fps));
  }

  /** Resolves with the reason when the process is gone or useless. */
  get ended(): Promise<TranscoderError> {
    return this.#ended.promise;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Pictures left out because it could not follow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How long the oldest picture waits for its answer, milliseconds. */
  get behindMs(): number {
    return this.#underway.oldestMs(performance.now());
  }

  pause(): void {
    this.#underway.pause(performance.now());
  }

  resume(): void {
    this.#underway.resume(performance.now());
  }

  push({ unit, shownMs }: TimedUnit): void {
    const { stdin } = this.#child;
    if (!stdin?.writable) return;
    const now = performance.now();
    this.#watchBacklog(stdin.writableLength, now);
    if (this.#waitsForKey && !unit.key) {
      this.#dropped += 1;
      return;
    }
    this.#waitsForKey = false;
    if (shownMs >= this.#options.fromMs) this.#underway.add({ unit, shownMs }, now);
    stdin.write(matroskaPicture(unit, Math.max(0, shownMs - this.#options.first.shownMs)));
  }

  /** Ends it when it has not answered for long. */
  check(now: number): void {
    const limit = this.#answered ? hungMs : hungAtStartMs;
    if (this.#underway.oldestMs(now) > limit) this.#ended.resolve(new TranscoderError('ffmpeg does not answer'));
  }

  /** There are no more pictures: resolves when those under way were answered, or after a while. */
  async finish(): Promise<void> {
    const limit = AbortSignal.timeout(finishMs);
    const closed = once(this.#child, 'close', { signal: limit }).catch(() => undefined);
    this.#child.stdin?.end();
    await closed;
  }

  /** Safe to call twice; once it resolves the process is gone. It has nothing to finish: it is not asked for long. */
  async close(): Promise<void> {
    this.#child.stdin?.destroy();
    await endChild(this.#child, graceMs);
  }

  #watchBacklog(bytes: number, now: number): void {
    if (bytes > maxQueuedBytes || (this.#answered && this.#underway.oldestMs(now) > lateMs)) this.#waitsForKey = true;
  }

  #answer(unit: AccessUnit): void {
    this.#answered = true;
    const shownMs = this.#options.first.shownMs + this.#unwrapped(unit.timestamp);
    const now = performance.now();
    const { source, sinceMs } = this.#underway.answer(shownMs) ?? {};
    const timestamp = (shownMs * ticksPerMs) >>> 0;
    const capturedAt = source?.capturedAt;
    const timed = { ...unit, timestamp, ...(capturedAt && { capturedAt }) };
    this.#options.onPicture({ unit: timed, latencyMs: sinceMs === undefined ? undefined : now - sinceMs });
  }

  /** Milliseconds since the first picture; 32 bits of ticks are full after 13 hours. */
  #unwrapped(ticks: number): number {
    this.#answeredMs += Math.round(((ticks - this.#answeredTicks) | 0) / ticksPerMs);
    this.#answeredTicks = ticks;
    return this.#answeredMs;
  }

  #listen(): void {
    const fail = (error: Error) => this.#ended.resolve(new TranscoderError(error.message, { cause: error }));
    this.#child.stdin?.on('error', fail);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = chunk.toString('utf8').trim().slice(-300);
    });
    this.#child.stdout?.on('error', fail).on('data', (chunk: Buffer) => {
      try {
        this.#reader.push(chunk);
      } catch (error) {
        fail(error instanceof Error ? error : new Error('unreadable output'));
      }
    });
    this.#child.on('error', fail).on('exit', (code, signal) => {
      fail(new Error(`ffmpeg ended with ${signal ?? code}: ${this.#complaint}`));
    });
  }
}
