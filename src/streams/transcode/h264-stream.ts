import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import type { SoundOutput } from '../audio/camera-sound.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from '../hub/hub-viewer.ts';
import { type ArrivedUnit, StreamHub, type ViewerWish } from '../hub/stream-hub.ts';
import type { AccessUnit, Codec } from '../rtp/nal.ts';
import { Transcoder } from './transcoder.ts';
import { type SlotHolder, type TranscoderSlots, TranscodersBusyError } from './transcoder-slots.ts';

/** What it needs of a camera's own stream. */
export interface PictureFeed {
  /** What the camera was last seen to send; undefined before the first picture. */
  readonly knownCodec: Codec | undefined;
  feed(take: (arrived: ArrivedUnit) => void): () => void;
  hear(output: SoundOutput): () => void;
}

export interface H264StreamOptions {
  readonly source: PictureFeed;
  readonly slots: TranscoderSlots;
  readonly ffmpegPath: string;
  /** Says which camera and which of its streams. */
  readonly log: Log;
  /** How long it runs on after the last viewer, milliseconds. */
  readonly lingerMs?: number | undefined;
}

/** How a transcoded stream is doing. */
export interface TranscodeFacts {
  readonly viewers: number;
  /** Whether it has a process. */
  readonly transcoding: boolean;
  /** What transcoding adds, milliseconds; undefined until known. */
  readonly latencyMs?: number;
  readonly restarts: number;
  readonly dropped: number;
}

const usualLingerMs = 10_000;

/** One stream of one camera as H.264, whatever the camera sends: transcoded once for all its viewers, while there are any. */
export class H264Stream extends EventEmitter<{ changed: [] }> implements SlotHolder {
  readonly #options: H264StreamOptions;
  readonly #hub = new StreamHub();
  #stopFeed: (() => void) | undefined;
  #stopSound: (() => void) | undefined;
  #leaveSlot: (() => void) | undefined;
  #transcoder: Transcoder | undefined;
  #ending: Promise<unknown> = Promise.resolve();
  #linger: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: H264StreamOptions) {
    super();
    this.#options = options;
  }

  get viewers(): number {
    return this.#hub.viewers;
  }

  get facts(): TranscodeFacts {
    const { latencyMs, restarts = 0, dropped = 0 } = this.#transcoder ?? {};
    const known = latencyMs === undefined ? {} : { latencyMs: Math.round(latencyMs) };
    return { viewers: this.viewers, transcoding: this.#leaveSlot !== undefined, restarts, dropped, ...known };
  }

  get spare(): boolean {
    return this.viewers === 0;
  }

  /** Throws TranscodersBusyError when `view` would. */
  admit(): void {
    const needsSlot = this.#leaveSlot === undefined && this.#options.source.knownCodec === 'h265';
    if (needsSlot && !this.#options.slots.free) throw new TranscodersBusyError(this.#options.slots.limit);
  }

  /** Throws TranscodersBusyError when the camera is known to send H.265 and too many are transcoded already. */
  view(sink: ViewerSink, onEnd: (viewer: HubViewer, reason: ViewerEnd) => void, wish: ViewerWish = {}): HubViewer {
    this.admit();
    if (this.#options.source.knownCodec === 'h265') this.#takeSlot();
    clearTimeout(this.#linger);
    if (wish.audio !== false && !this.#closed) this.#stopSound ??= this.#options.source.hear(this.#soundOutput());
    const left = (ended: HubViewer, reason: ViewerEnd) => {
      if (this.#hub.listeners === 0) this.#endSound();
      this.#restLater();
      this.emit('changed');
      onEnd(ended, reason);
    };
    const viewer = this.#hub.view(sink, left, wish);
    if (!this.#closed) this.#stopFeed ??= this.#options.source.feed(({ unit }) => this.#take(unit));
    this.emit('changed');
    return viewer;
  }

  yieldSlot(): void {
    this.#rest();
  }

  /** Safe to call twice; viewers are ended, no process is left. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hub.close();
    this.#rest();
    await this.#ending;
  }

  #take(unit: AccessUnit): void {
    if (unit.codec === 'h264') {
      this.#endTranscoder();
      this.#hub.publish(unit);
      return;
    }
    if (this.#mayTranscode()) this.#running().push(unit);
  }

  /** A camera turns out to send H.265 when all slots are taken: its viewers are told to come again. */
  #mayTranscode(): boolean {
    try {
      this.#takeSlot();
      return true;
    } catch {
      this.#hub.close();
      this.#rest();
      return false;
    }
  }

  /** Sound is held back as long as the pictures take to be transcoded. */
  #soundOutput(): SoundOutput {
    return {
      announceSound: (sound) => this.#hub.announceSound(sound),
      publishSound: (frame, at) => this.#hub.publishSound(frame, at + (this.#transcoder?.latencyMs ?? 0)),
    };
  }

  #endSound(): void {
    this.#stopSound?.();
    this.#stopSound = undefined;
  }

  #takeSlot(): void {
    this.#leaveSlot ??= this.#options.slots.take(this);
  }

  #running(): Transcoder {
    const { ffmpegPath, log } = this.#options;
    const onPicture = (unit: AccessUnit) => this.#hub.publish(unit);
    this.#transcoder ??= new Transcoder({ ffmpegPath, log, onPicture });
    return this.#transcoder;
  }

  #restLater(): void {
    clearTimeout(this.#linger);
    if (this.viewers > 0) return;
    this.#linger = setTimeout(() => this.#rest(), this.#options.lingerMs ?? usualLingerMs);
  }

  #rest(): void {
    clearTimeout(this.#linger);
    this.#stopFeed?.();
    this.#stopFeed = undefined;
    this.#endTranscoder();
    this.#hub.clear();
  }

  #endTranscoder(): void {
    if (this.#transcoder) {
      this.#options.log.info({ ...this.facts }, 'transcoder ends');
      this.#ending = Promise.all([this.#ending, this.#transcoder.close()]);
    }
    this.#transcoder = undefined;
    this.#leaveSlot?.();
    this.#leaveSlot = undefined;
  }
}
