import { EventEmitter } from 'node:events';
import { AppError } from '../shared/app-error.ts';
import type { Log } from '../shared/log.ts';
import type { RunSession } from './camera/camera-relay.ts';
import { type PlayableSource, runCameraSession } from './camera/camera-session.ts';
import { CameraStream } from './camera/camera-stream.ts';
import { DialGate } from './camera/dial-gate.ts';
import type { WatchLimits } from './camera/picture-watch.ts';
import type { CameraStatus } from './cameras/camera-status.ts';
import { type SampledFrame, sampleFrames } from './frames/frame-sampler.ts';
import { type Snapshot, SnapshotTaker } from './frames/snapshot.ts';
import type { HubViewer, ViewerEnd, ViewerSink } from './hub/hub-viewer.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import type { Codec } from './rtp/nal.ts';
import { parseRtspUrl } from './rtsp/rtsp-url.ts';
import { StreamFailure } from './stream-failure.ts';

/** From a device that speaks ONVIF to the URL of its stream. */
export type ResolveOnvif = (
  device: { readonly url: string; readonly username: string; readonly password: string },
  signal: AbortSignal,
) => Promise<{ readonly rtspUrl: string }>;

export interface CameraStreamsOptions {
  readonly cameras: readonly CameraConfig[];
  readonly resolveOnvif: ResolveOnvif;
  readonly ffmpegPath: string;
  readonly log: Log;
  /** How long a camera stays connected after the last viewer, milliseconds; 10 s. */
  readonly lingerMs?: number;
  readonly limits?: WatchLimits;
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

type OnViewerEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

const codecTimeoutMs = 8_000;
const parallelDials = 10;
const resolveTimeoutMs = 10_000;

/** All cameras. None is connected unless somebody watches, samples or takes a snapshot. Emits `state` with each change. */
export class CameraStreams extends EventEmitter<{ state: [CameraStatus] }> {
  readonly #options: CameraStreamsOptions;
  readonly #cameras = new Map<string, CameraStream>();
  readonly #snapshots = new Map<string, SnapshotTaker>();
  readonly #sampled = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: CameraStreamsOptions) {
    super();
    this.#options = options;
    const { log, ffmpegPath, lingerMs } = options;
    const gate = new DialGate(parallelDials);
    for (const config of options.cameras) {
      const linger = lingerMs === undefined ? {} : { lingerMs };
      const stream = new CameraStream({ config, gate, log, runSession: this.#sessionOf(config), ...linger });
      stream.on('state', (status) => this.emit('state', status));
      this.#cameras.set(config.id, stream);
      this.#snapshots.set(config.id, new SnapshotTaker(stream, ffmpegPath));
    }
  }

  /** Cameras are dialled when they are wanted: nothing to wait for. */
  start(): void {
    this.#options.log.info({ cameras: this.#cameras.size }, 'cameras ready');
  }

  list(): CameraStatus[] {
    return [...this.#cameras.values()].map(({ status }) => status);
  }

  /** Undefined for an unknown id. */
  status(id: string): CameraStatus | undefined {
    return this.#cameras.get(id)?.status;
  }

  /** FLV for one viewer, from the newest key picture on. Throws CameraNotFoundError. */
  open(id: string, sink: ViewerSink, onEnd: OnViewerEnd = () => {}): HubViewer {
    return this.#find(id).view(sink, onEnd);
  }

  /** The bare H.264 or H.265 stream (annex B) for one viewer. Throws CameraNotFoundError. */
  openElementary(id: string, sink: ViewerSink, onEnd: OnViewerEnd = () => {}): HubViewer {
    return this.#find(id).viewElementary(sink, onEnd);
  }

  /** The codec of a camera's stream, connecting for it; undefined when none comes in time. Throws CameraNotFoundError. */
  async codec(id: string, timeoutMs = codecTimeoutMs): Promise<Codec | undefined> {
    return await this.#find(id).codec(timeoutMs);
  }

  /** Decoded frames until the signal aborts; the latest wins. Throws CameraNotFoundError, SamplerBusyError. */
  async *frames(
    id: string,
    { everyMs, signal }: { readonly everyMs: number; readonly signal: AbortSignal },
  ): AsyncGenerator<SampledFrame, void, undefined> {
    const stream = this.#find(id);
    if (this.#sampled.has(id)) throw new SamplerBusyError(id);
    this.#sampled.add(id);
    const { ffmpegPath, log } = this.#options;
    const ending = AbortSignal.any([signal, this.#closing.signal]);
    try {
      const feed = stream.feed.bind(stream);
      yield* sampleFrames({ camera: id, ffmpegPath, everyMs, feed, signal: ending, log });
    } finally {
      this.#sampled.delete(id);
    }
  }

  /** A JPEG of the newest key picture. Throws CameraNotFoundError, NoPictureError. */
  async snapshot(id: string): Promise<Snapshot> {
    const taker = this.#snapshots.get(id);
    if (!taker) throw new CameraNotFoundError();
    return await taker.take();
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#cameras.values()].map((stream) => stream.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #find(id: string): CameraStream {
    const stream = this.#cameras.get(id);
    if (!stream) throw new CameraNotFoundError();
    return stream;
  }

  #sessionOf(config: CameraConfig): RunSession {
    const { limits } = this.#options;
    return async (events, signal) => {
      const source = await this.#resolve(config, signal);
      await runCameraSession({ source, signal, events, ...(limits && { limits }) });
    };
  }

  async #resolve(config: CameraConfig, signal: AbortSignal): Promise<PlayableSource> {
    const { source, username, password = '' } = config;
    const credentials = username === undefined ? {} : { credentials: { username, password } };
    if (!source.startsWith('onvif:')) return { url: source, ...credentials };
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(resolveTimeoutMs)]);
    const device = { url: source, username: username ?? '', password };
    const { rtspUrl } = await this.#options.resolveOnvif(device, deadline);
    refuseOtherHost(source, rtspUrl);
    return { url: rtspUrl, ...credentials };
  }
}

/** A device may only name its own address: credentials never go anywhere else (T21, T22). */
function refuseOtherHost(source: string, rtspUrl: string): void {
  const registered = URL.parse(source.replace(/^onvif:/, 'http:'))?.hostname;
  if (parseRtspUrl(rtspUrl).host.toLowerCase() === registered?.replace(/^\[|\]$/g, '')) return;
  throw new StreamFailure('protocol', 'The camera names a stream on another host than its own; it is not followed.');
}
