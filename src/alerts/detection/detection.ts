import { isDeepStrictEqual } from 'node:util';
import { CameraWatch, type WatchPorts } from './camera-watch.ts';
import type { WatchedCamera } from './watched-camera.ts';
import { zoneKey } from './zone-observation.ts';

export interface DetectionOptions extends WatchPorts {
  readonly cameras: readonly WatchedCamera[];
  readonly minScore?: number;
  /** For cameras that do not say; 500 ms unless told. */
  readonly everyMs?: number;
  readonly clearMs?: number;
  readonly refreshMs?: number;
}

interface Watched {
  readonly camera: WatchedCamera;
  readonly watch: CameraWatch;
}

/**
 * Watches every camera that has zones, from frames to observations. One camera's failure never touches another's.
 * The detector is whoever owns it to start and close.
 */
export class Detection {
  readonly #options: Omit<DetectionOptions, 'cameras'>;
  readonly #watched = new Map<string, Watched>();
  #phase: 'built' | 'watching' | 'closed' = 'built';
  /** One change of cameras after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor({ cameras, ...options }: DetectionOptions) {
    this.#options = options;
    for (const camera of cameras.filter(hasZones)) this.#add(camera);
  }

  /** How many cameras are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Returns at once, whether a camera answers or not. */
  start(): void {
    if (this.#phase !== 'built') return;
    this.#phase = 'watching';
    for (const { watch } of this.#watched.values()) watch.start();
  }

  /**
   * From now on these are watched. A camera that is as it was keeps its tracks and what it has told; what stood in a zone
   * that is gone is over. Resolves when nothing of the former cameras is observed any more.
   */
  configure(cameras: readonly WatchedCamera[]): Promise<void> {
    this.#changing = this.#changing.then(() => this.#replace(cameras.filter(hasZones)));
    return this.#changing;
  }

  /** Safe to call twice; once it resolves, nothing more is observed. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    await this.#changing;
    await Promise.all([...this.#watched.values()].map(({ watch }) => watch.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #replace(cameras: readonly WatchedCamera[]): Promise<void> {
    const wanted = new Map(cameras.map((camera) => [camera.id, camera]));
    const outdated = [...this.#watched.values()].filter(
      ({ camera }) => !isDeepStrictEqual(camera, wanted.get(camera.id)),
    );
    await Promise.all(outdated.map(({ watch }) => watch.close()));
    for (const { camera } of outdated) {
      this.#watched.delete(camera.id);
      await this.#endGone(camera, wanted.get(camera.id));
    }
    if (this.#phase === 'closed') return;
    for (const camera of cameras) if (!this.#watched.has(camera.id)) this.#add(camera);
  }

  #add(camera: WatchedCamera): void {
    const { minScore = 0.4, everyMs = 500, clearMs = 10_000, refreshMs = 1_000, ...ports } = this.#options;
    const every = camera.detect.every === undefined ? everyMs : camera.detect.every * 1_000;
    const watch = new CameraWatch(camera, ports, { minScore, everyMs: every, dwellMs: 3_000, clearMs, refreshMs });
    this.#watched.set(camera.id, { camera, watch });
    if (this.#phase === 'watching') watch.start();
  }

  /** Nobody would ever say that what stands in a zone without a watch is over. */
  async #endGone(before: WatchedCamera, after: WatchedCamera | undefined): Promise<void> {
    const left = new Set(after?.detect.zones?.map(({ id }) => id));
    for (const { id } of before.detect.zones ?? []) {
      if (left.has(id)) continue;
      await this.#options.end(zoneKey(before.id, id), new Date()).catch((err: unknown) => {
        this.#options.log.warn({ camera: before.id, err }, 'end of a removed zone not told');
      });
    }
  }
}

const hasZones = ({ detect }: WatchedCamera) => (detect.zones ?? []).length > 0;
