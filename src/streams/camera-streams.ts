import { EventEmitter } from 'node:events';
import { AppError } from '../shared/app-error.ts';
import type { Log } from '../shared/log.ts';
import type { CameraStream } from './camera/camera-stream.ts';
import type { Profile } from './camera/combined-state.ts';
import { DialGate } from './camera/dial-gate.ts';
import { LiveCamera } from './camera/live-camera.ts';
import type { WatchLimits } from './camera/picture-watch.ts';
import { type ResolveOnvif, type SourceSessionOptions, sourceSession } from './camera/source-session.ts';
import { planCameras } from './cameras/camera-plan.ts';
import type { CameraStatus } from './cameras/camera-status.ts';
import { IdleStatuses } from './cameras/idle-statuses.ts';
import { DecodeGate } from './frames/decode-gate.ts';
import { type SampledFrame, sampleFrames } from './frames/frame-sampler.ts';
import { LastPictures } from './frames/last-pictures.ts';
import { type Snapshot, SnapshotTaker } from './frames/snapshot.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from './hub/hub-viewer.ts';
import type { ArrivedUnit } from './hub/stream-hub.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import type { Codec } from './rtp/nal.ts';
import { H264Stream, type TranscodeFacts } from './transcode/h264-stream.ts';
import { TranscoderSlots } from './transcode/transcoder-slots.ts';

export interface CameraStreamsOptions {
  readonly cameras: readonly CameraConfig[];
  readonly resolveOnvif: ResolveOnvif;
  readonly ffmpegPath: string;
  readonly log: Log;
  /** How long a camera stays connected after the last viewer, milliseconds; 10 s. */
  readonly lingerMs?: number;
  readonly limits?: WatchLimits;
  /** Plays what RTSP does not; undefined for a camera that RTSP plays. */
  readonly otherSource?: SourceSessionOptions['otherSource'];
  /** How many streams may be turned from H.265 into H.264 at once; 2. */
  readonly transcoders?: number;
  /** Where the last picture of each camera is kept; absent: nowhere. */
  readonly pictureDirectory?: string;
}

/** No camera has this id (or none that the asker may see). */
export class CameraNotFoundError extends AppError {
  readonly code = 'CAMERA_NOT_FOUND';
  override readonly statusCode = 404;

  constructor() {
    super('There is no such camera.');
  }
}

/** A camera has one sampler at most: two would decode the same pictures twice. */
export class SamplerBusyError extends AppError {
  readonly code = 'CAMERA_ALREADY_SAMPLED';
  override readonly statusCode = 409;

  constructor(camera: string) {
    super(`The frames of camera ${camera} are being sampled already.`);
  }
}

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

/** What is kept of one camera, from its first word in the configuration to its last. */
interface KeptCamera {
  readonly camera: LiveCamera;
  readonly snapshots: SnapshotTaker;
}

type OnViewerEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

const codecTimeoutMs = 8_000;
const usualTranscoders = 2;
const parallelDials = 10;

interface CameraStreamsEvents {
  /** How a camera stands now, with each change. */
  state: [CameraStatus];
  /** The camera is not in the configuration any more, or not in this area; how it stood last. */
  removed: [CameraStatus];
}

/** All cameras. None is connected unless somebody watches, samples or takes a snapshot. */
export class CameraStreams extends EventEmitter<CameraStreamsEvents> {
  readonly #options: CameraStreamsOptions;
  readonly #sessionOf: ReturnType<typeof sourceSession>;
  readonly #idle = new IdleStatuses(new Date());
  #configs: ReadonlyMap<string, CameraConfig>;
  /** Made when a camera is first wanted: of thousands, most are but words in a file. */
  readonly #cameras = new Map<string, KeptCamera>();
  readonly #sampled = new Set<string>();
  readonly #closing = new AbortController();
  readonly #gate = new DialGate(parallelDials);
  /** For all that is turned into H.264, live or recorded. */
  readonly slots: TranscoderSlots;
  readonly #decodeGate = new DecodeGate();
  readonly #lastPictures: LastPictures | undefined;

  constructor(options: CameraStreamsOptions) {
    super();
    this.#options = options;
    this.#sessionOf = sourceSession(options);
    this.slots = new TranscoderSlots(options.transcoders ?? usualTranscoders);
    const { pictureDirectory, log } = options;
    this.#lastPictures = pictureDirectory === undefined ? undefined : new LastPictures(pictureDirectory, log);
    this.#configs = byId(options.cameras);
  }

  /** Cameras are dialled when they are wanted: nothing to wait for. */
  start(): void {
    this.#options.log.info({ cameras: this.#configs.size }, 'cameras ready');
    void this.#lastPictures?.prune(new Set(this.#configs.keys()));
  }

  list(): CameraStatus[] {
    return [...this.#configs.values()].map((config) => this.#statusOf(config));
  }

  /** Undefined for an unknown id. */
  status(id: string): CameraStatus | undefined {
    const config = this.#configs.get(id);
    return config && this.#statusOf(config);
  }

  /** All cameras as they are configured now, secrets included. */
  configs(): CameraConfig[] {
    return [...this.#configs.values()];
  }

  /** As it is configured now, secrets included; undefined for an unknown id. */
  config(id: string): CameraConfig | undefined {
    return this.#configs.get(id);
  }

  /**
   * From now on these are the cameras. One that is as it was keeps its connection and its viewers; the viewers of one that
   * is gone are ended; one that plays otherwise is dialled anew. Resolves when nothing is left of what is gone.
   */
  async configure(cameras: readonly CameraConfig[]): Promise<void> {
    const before = this.#configs;
    const plan = planCameras([...before.values()], cameras);
    const last = new Map(plan.removed.map((id) => [id, this.status(id)]));
    const moved = plan.changed.filter(({ fields }) => fields.includes('area')).map(({ id }) => this.status(id));
    this.#configs = byId(cameras);
    for (const status of [...last.values(), ...moved]) if (status) this.emit('removed', status);
    const gone = plan.removed.map((id) => this.#remove(id));
    const changed = plan.changed.map(({ id }) => this.#change(id));
    for (const status of plan.added.map((id) => this.status(id))) if (status) this.emit('state', status);
    await Promise.all([...gone, ...changed]);
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
    const each = [...this.#cameras].flatMap(([id, { camera }]) =>
      camera.converted.map((facts) => ({ camera: id, ...facts })),
    );
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
    return this.#find(id).camera.main.feed(take);
  }

  /** Decoded frames until the signal aborts; the latest wins. Throws CameraNotFoundError, SamplerBusyError. */
  async *frames(
    id: string,
    { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
  ): AsyncGenerator<SampledFrame, void, undefined> {
    const { main } = this.#find(id).camera;
    if (this.#sampled.has(id)) throw new SamplerBusyError(id);
    this.#sampled.add(id);
    const { ffmpegPath, log } = this.#options;
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    try {
      const feed = main.feed.bind(main);
      yield* sampleFrames({ camera: id, ffmpegPath, everyMs, feed, signal: ending, log });
    } finally {
      this.#sampled.delete(id);
    }
  }

  /** A JPEG of the newest key picture, or of the last one there was. Throws CameraNotFoundError, NoPictureError, DecodersBusyError. */
  async snapshot(id: string): Promise<Snapshot> {
    return await this.#find(id).snapshots.take();
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#cameras.values()].map(closeKept));
    await this.#lastPictures?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #statusOf(config: CameraConfig): CameraStatus {
    return this.#cameras.get(config.id)?.camera.status ?? this.#idle.of(config);
  }

  #find(id: string): KeptCamera {
    const config = this.#configs.get(id);
    const kept = this.#cameras.get(id);
    if (!config || (this.#closing.signal.aborted && !kept)) throw new CameraNotFoundError();
    return kept ?? this.#make(config);
  }

  /** All that exists for one camera. */
  #make(config: CameraConfig): KeptCamera {
    const { log, ffmpegPath, lingerMs } = this.#options;
    const shared = { sessionOf: this.#sessionOf, gate: this.#gate, slots: this.slots };
    const camera = new LiveCamera({ config, ...shared, ffmpegPath, log, lingerMs });
    camera.on('state', (status) => this.emit('state', status));
    const pictures = { gate: this.#decodeGate, lastPictures: this.#lastPictures };
    const snapshots = new SnapshotTaker({
      camera: config.id,
      source: () => camera.stillSource,
      ffmpegPath,
      ...pictures,
    });
    camera.on('dark', (key) => snapshots.darken(key));
    const kept = { camera, snapshots };
    this.#cameras.set(config.id, kept);
    return kept;
  }

  async #change(id: string): Promise<void> {
    const config = this.#configs.get(id);
    const kept = this.#cameras.get(id);
    if (config && kept) await kept.camera.configure(config);
    else if (config) this.emit('state', this.#statusOf(config));
  }

  async #remove(id: string): Promise<void> {
    const kept = this.#cameras.get(id);
    this.#cameras.delete(id);
    // It was told to be removed: that it is closed as well would bring it back to the wall.
    kept?.camera.removeAllListeners('state');
    if (kept) await closeKept(kept);
  }

  #stream({ camera, profile }: WantedStream): CameraStream {
    return this.#find(camera).camera.stream(profile);
  }

  /** A camera that is known to send H.264 is watched as it is. */
  #watched(wanted: WantedStream): CameraStream | H264Stream {
    const stream = this.#stream(wanted);
    if (wanted.codec === undefined || stream.knownCodec === wanted.codec) return stream;
    return this.#find(wanted.camera).camera.h264(wanted.profile);
  }
}

async function closeKept({ camera, snapshots }: KeptCamera): Promise<void> {
  await camera.close();
  await snapshots.close();
}

function byId(cameras: readonly CameraConfig[]): Map<string, CameraConfig> {
  return new Map(cameras.map((camera) => [camera.id, camera]));
}
