import { EventEmitter } from 'node:events';
import { AacOnly } from './audio/aac-only.ts';
import type { SoundOutput } from './audio/camera-sound.ts';
import type { CameraStream } from './camera/camera-stream.ts';
import type { Profile } from './camera/combined-state.ts';
import { SamplerBusyError } from './camera-errors.ts';
import { CameraRoster, type CameraRosterEvents, type CameraRosterOptions } from './camera-roster.ts';
import type { CameraStatus } from './cameras/camera-status.ts';
import { type SampledFrame, sampleFrames } from './frames/frame-sampler.ts';
import { HardwareDecoding } from './frames/hardware-decoding.ts';
import type { Snapshot } from './frames/snapshot.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from './hub/hub-viewer.ts';
import type { ArrivedUnit } from './hub/stream-hub.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import type { Codec } from './rtp/nal.ts';
import type { DecodedStill } from './self-test/self-test.ts';
import { H264Stream, type TranscodeFacts } from './transcode/h264-stream.ts';
import type { TranscoderSlots } from './transcode/transcoder-slots.ts';

/** What one viewer asks for. */
export interface WantedStream {
  readonly camera: string;
  /** `main` when not said; a camera without a sub stream shows its main one for both. */
  readonly profile?: Profile | undefined;
  /** As the camera sends it when not said. */
  readonly codec?: 'h264' | undefined;
  /** With sound, when there is any, unless this is false. */
  readonly audio?: boolean | undefined;
}

/** What one stream of a camera costs when it is turned into H.264. */
export interface TranscodedStream extends TranscodeFacts {
  readonly camera: string;
  readonly profile: Profile;
}

/** What cameras show and how they stand; who listens to pictures costs no decoder. */
export interface CameraStreamsEvents extends CameraRosterEvents {
  /** A picture on its way to whoever samples the camera; its buffer is theirs once this returns. */
  frame: [SampledFrame];
  still: [DecodedStill];
}

type OnViewerEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

const codecTimeoutMs = 8_000;

/** What all cameras show. None is connected unless somebody watches, samples or takes a snapshot. */
export class CameraStreams extends EventEmitter<CameraStreamsEvents> {
  readonly #options: CameraRosterOptions;
  readonly #roster: CameraRoster;
  readonly #sampled = new Set<string>();
  readonly #decoding: HardwareDecoding;
  readonly #closing = new AbortController();

  constructor(options: CameraRosterOptions) {
    super();
    this.#options = options;
    this.#decoding = new HardwareDecoding({ decoding: 'auto', ...options });
    this.#roster = new CameraRoster(options);
    this.#roster.on('state', (status) => this.emit('state', status));
    this.#roster.on('removed', (status) => this.emit('removed', status));
  }

  /** For all that is turned into H.264, live or recorded. */
  get slots(): TranscoderSlots {
    return this.#roster.slots;
  }

  start(): void {
    this.#roster.start();
  }

  list(): CameraStatus[] {
    return this.#roster.list();
  }

  /** Undefined for an unknown id. */
  status(id: string): CameraStatus | undefined {
    return this.#roster.status(id);
  }

  /** All cameras as they are configured now, secrets included. */
  configs(): CameraConfig[] {
    return this.#roster.configs();
  }

  /** As it is configured now, secrets included; undefined for an unknown id. */
  config(id: string): CameraConfig | undefined {
    return this.#roster.config(id);
  }

  /** From now on these are the cameras; see `CameraRoster`. Resolves when nothing is left of what is gone. */
  configure(cameras: readonly CameraConfig[]): Promise<void> {
    return this.#roster.configure(cameras);
  }

  /** FLV for one viewer, from the newest key picture on. Throws CameraNotFoundError, TranscodersBusyError. */
  open(wanted: WantedStream, sink: ViewerSink, onEnd: OnViewerEnd = () => {}): HubViewer {
    return this.#watched(wanted).view(sink, onEnd, wanted);
  }

  /** Throws what `open` would now. */
  admit(wanted: WantedStream): void {
    const watched = this.#watched(wanted);
    if (watched instanceof H264Stream) watched.admit();
  }

  /** The streams that are being turned into H.264 now. */
  transcoded(): TranscodedStream[] {
    const each = this.#roster
      .kept()
      .flatMap(([id, { camera }]) => camera.converted.map((facts) => ({ camera: id, ...facts })));
    return each.filter(({ transcoding }) => transcoding);
  }

  /** The bare H.264 or H.265 stream (annex B) for one viewer. Throws CameraNotFoundError. */
  openElementary(wanted: WantedStream, sink: ViewerSink, onEnd: OnViewerEnd = () => {}): HubViewer {
    return this.#stream(wanted).viewElementary(sink, onEnd);
  }

  /** The codec of a camera's stream, connecting for it; undefined when none comes in time. Throws CameraNotFoundError. */
  async codec(wanted: WantedStream, timeoutMs = codecTimeoutMs): Promise<Codec | undefined> {
    return await this.#stream(wanted).codec(timeoutMs);
  }

  /**
   * Calls `take` with every picture of the camera's main stream until the returned function is called; the camera is kept
   * connected so long. Throws CameraNotFoundError.
   */
  feed(id: string, take: (arrived: ArrivedUnit) => void): () => void {
    return this.#roster.find(id).camera.main.feed(take);
  }

  /**
   * Gives the sound of the camera's main stream, as AAC, to `output` until the returned function is called. Does not connect
   * the camera. Throws CameraNotFoundError.
   */
  hear(id: string, output: SoundOutput): () => void {
    return this.#roster.find(id).camera.main.hear(output);
  }

  /** The same for sound that comes as AAC only. */
  overhear(id: string, output: SoundOutput): () => void {
    return this.#roster.find(id).camera.main.overhear(new AacOnly(output));
  }

  /** Decoded frames until the signal aborts; the latest wins. Throws CameraNotFoundError, SamplerBusyError. */
  async *frames(
    id: string,
    { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
  ): AsyncGenerator<SampledFrame, void, undefined> {
    const { main } = this.#roster.find(id).camera;
    if (this.#sampled.has(id)) throw new SamplerBusyError(id);
    this.#sampled.add(id);
    const { ffmpegPath, log } = this.#options;
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    try {
      const feed = main.feed.bind(main);
      const sampled = { camera: id, ffmpegPath, everyMs, decoding: this.#decoding, feed, signal: ending, log };
      for await (const frame of sampleFrames(sampled)) {
        this.emit('frame', frame);
        yield frame;
      }
    } finally {
      this.#sampled.delete(id);
    }
  }

  /** Cameras of which a picture is there to be decoded; idle ones too when `idle`. */
  lookable(idle: boolean): string[] {
    const live = this.#roster.kept().filter(([, { camera }]) => camera.stillSource.live);
    const resting = idle ? this.#roster.list().filter(({ state }) => state.phase === 'idle') : [];
    return [...live.map(([id]) => id), ...resting.map(({ id }) => id)];
  }

  /** How far the camera's clock is ahead by its sender reports, milliseconds; undefined when it sends none. */
  clockOffset(id: string): number | undefined {
    const key = this.#roster.kept().find(([kept]) => kept === id)?.[1].camera.stillSource.key;
    return key?.unit.capturedAt && key.unit.capturedAt.getTime() - key.at.getTime();
  }

  /** Tells how the camera stands once more: what others know of it has changed. */
  retell(id: string): void {
    this.#roster.retell(id);
  }

  /** A JPEG of the newest key picture, or of the last one there was. Throws CameraNotFoundError, NoPictureError, DecodersBusyError. */
  async snapshot(id: string): Promise<Snapshot> {
    const snapshot = await this.#roster.find(id).snapshots.take();
    this.emit('still', { camera: id, ...snapshot });
    return snapshot;
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#roster.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #stream({ camera, profile }: WantedStream): CameraStream {
    return this.#roster.find(camera).camera.stream(profile);
  }

  /** A camera that is known to send H.264 is watched as it is. */
  #watched(wanted: WantedStream): CameraStream | H264Stream {
    const stream = this.#stream(wanted);
    if (wanted.codec === undefined || stream.knownCodec === wanted.codec) return stream;
    return this.#roster.find(wanted.camera).camera.h264(wanted.profile);
  }
}
