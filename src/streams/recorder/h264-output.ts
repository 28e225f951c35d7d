import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../shared/log.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { Transcoder } from '../transcode/transcoder.ts';
import type { TranscoderSlots } from '../transcode/transcoder-slots.ts';
import { FlvOutput, type PlaybackOutput } from './playback-output.ts';
import type { PlaybackViewer } from './playback-viewer.ts';
import type { StoredPicture } from './stored-pictures.ts';

/** What it takes to turn recorded H.265 into H.264. */
export interface PlaybackTranscoding {
  /** Shared with live viewers: one limit for all. */
  readonly slots: TranscoderSlots;
  readonly ffmpegPath: string;
  readonly log: Log;
}

export interface H264OutputOptions extends PlaybackTranscoding {
  readonly viewer: PlaybackViewer;
  readonly speed: number;
}

/** A transcoder that is behind by more is waited for: what is played live may be skipped, what is recorded is not. */
const mostBehindMs = 500;
const lookEveryMs = 20;

/** FLV with H.264 whatever was recorded: a transcoder of its own, at the pace of the viewer, while H.265 is played. */
export class H264Output implements PlaybackOutput {
  readonly #options: H264OutputOptions;
  readonly #flv: FlvOutput;
  #leaveSlot: (() => void) | undefined;
  #transcoder: Transcoder | undefined;
  #ending: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: H264OutputOptions) {
    this.#options = options;
    this.#flv = new FlvOutput(options.viewer, options.speed);
  }

  /** Makes sure of a slot before the first picture is read. Throws TranscodersBusyError. */
  reserve(): void {
    this.#leaveSlot ??= this.#options.slots.take({ spare: false, yieldSlot: () => undefined });
  }

  async room(): Promise<void> {
    const { signal } = this.#options.viewer;
    const resume = this.#transcoder?.pause();
    await this.#flv.room();
    resume?.();
    while (!signal.aborted && (this.#transcoder?.behindMs ?? 0) > mostBehindMs)
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }

  show(picture: StoredPicture): void {
    if (this.#closed) return;
    const { unit, at, shownTicks } = picture;
    if (unit.codec === 'h264') {
      this.#endTranscoder();
      this.#send({ ...unit, timestamp: Math.round(shownTicks / this.#options.speed) >>> 0, capturedAt: at });
      return;
    }
    if (!this.#mayTranscode()) return;
    const timestamp = Math.round(shownTicks / this.#options.speed) >>> 0;
    this.#running().push({ ...unit, timestamp, capturedAt: at });
  }

  async finish(): Promise<void> {
    await this.#transcoder?.finish();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#endTranscoder();
    await this.#ending;
  }

  /** What was recorded turns out to go on in H.265 when all slots are taken: its viewer is told to come again. */
  #mayTranscode(): boolean {
    try {
      this.reserve();
      return true;
    } catch {
      this.#options.viewer.close('closed');
      return false;
    }
  }

  #running(): Transcoder {
    const { ffmpegPath, log } = this.#options;
    this.#transcoder ??= new Transcoder({ ffmpegPath, log, onPicture: (unit) => this.#send(unit) });
    return this.#transcoder;
  }

  /** One clock for what comes from the transcoder and what does not. */
  #send(unit: AccessUnit): void {
    this.#flv.send({ unit, at: unit.capturedAt, playMs: performance.now() });
  }

  #endTranscoder(): void {
    if (this.#transcoder) this.#ending = Promise.all([this.#ending, this.#transcoder.close()]);
    this.#transcoder = undefined;
    this.#leaveSlot?.();
    this.#leaveSlot = undefined;
  }
}
