import { EventEmitter } from 'node:events';
import type { Log } from '../shared/log.ts';
import { DialGate } from './camera/dial-gate.ts';
import { LiveCamera } from './camera/live-camera.ts';
import type { WatchLimits } from './camera/picture-watch.ts';
import { type ResolveOnvif, type SourceSessionOptions, sourceSession } from './camera/source-session.ts';
import { CameraNotFoundError } from './camera-errors.ts';
import { planCameras } from './cameras/camera-plan.ts';
import type { CameraStatus } from './cameras/camera-status.ts';
import { IdleStatuses } from './cameras/idle-statuses.ts';
import { DecodeGate } from './frames/decode-gate.ts';
import { LastPictures } from './frames/last-pictures.ts';
import { SnapshotTaker } from './frames/snapshot.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import type { SightFields } from './self-test/camera-health.ts';
import { TranscoderSlots } from './transcode/transcoder-slots.ts';

export interface CameraRosterOptions {
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
  /** Whether a device may decode pictures for the detector; `auto`, when it can. */
  readonly decoding?: 'auto' | 'software';
  /** Where the last picture of each camera is kept; absent: nowhere. */
  readonly pictureDirectory?: string;
  /** What is known of how well a camera sees. */
  readonly sight?: (id: string) => SightFields;
}

/** What is kept of one camera, from its first word in the configuration to its last. */
export interface KeptCamera {
  readonly camera: LiveCamera;
  readonly snapshots: SnapshotTaker;
}

export interface CameraRosterEvents {
  /** How a camera stands now, with each change. */
  state: [CameraStatus];
  /** The camera is not in the configuration any more, or not in this area; how it stood last. */
  removed: [CameraStatus];
}

const usualTranscoders = 2;
const parallelDials = 10;

/** Which cameras there are, as configured now, and how each stands. */
export class CameraRoster extends EventEmitter<CameraRosterEvents> {
  readonly #options: CameraRosterOptions;
  readonly #sessionOf: ReturnType<typeof sourceSession>;
  readonly #idle = new IdleStatuses(new Date());
  #configs: ReadonlyMap<string, CameraConfig>;
  /** Made when a camera is first wanted: of thousands, most are but words in a file. */
  readonly #cameras = new Map<string, KeptCamera>();
  readonly #gate = new DialGate(parallelDials);
  /** For all that is turned into H.264, live or recorded. */
  readonly slots: TranscoderSlots;
  readonly #decodeGate = new DecodeGate();
  readonly #lastPictures: LastPictures | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: CameraRosterOptions) {
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

  /** Those that were wanted since the start. */
  kept(): [id: string, kept: KeptCamera][] {
    return [...this.#cameras];
  }

  /** All that exists for one camera. Throws CameraNotFoundError. */
  find(id: string): KeptCamera {
    const config = this.#configs.get(id);
    const kept = this.#cameras.get(id);
    if (!config || (this.#closed && !kept)) throw new CameraNotFoundError();
    return kept ?? this.#make(config);
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

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#cameras.values()].map(closeKept));
    await this.#lastPictures?.close();
  }

  /** Tells how the camera stands once more; nothing for an unknown id. */
  retell(id: string): void {
    const status = this.status(id);
    if (status && !this.#closed) this.emit('state', status);
  }

  #statusOf(config: CameraConfig): CameraStatus {
    return this.#seeing(this.#cameras.get(config.id)?.camera.status ?? this.#idle.of(config));
  }

  #seeing(status: CameraStatus): CameraStatus {
    const sight = this.#options.sight?.(status.id);
    return sight && Object.keys(sight).length > 0 ? { ...status, ...sight } : status;
  }

  #make(config: CameraConfig): KeptCamera {
    const { log, ffmpegPath, lingerMs } = this.#options;
    const shared = { sessionOf: this.#sessionOf, gate: this.#gate, slots: this.slots };
    const camera = new LiveCamera({ config, ...shared, ffmpegPath, log, lingerMs });
    camera.on('state', (status) => this.emit('state', this.#seeing(status)));
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
}

async function closeKept({ camera, snapshots }: KeptCamera): Promise<void> {
  await camera.close();
  await snapshots.close();
}

function byId(cameras: readonly CameraConfig[]): Map<string, CameraConfig> {
  return new Map(cameras.map((camera) => [camera.id, camera]));
}
