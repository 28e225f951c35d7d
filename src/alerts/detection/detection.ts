import { isDeepStrictEqual } from 'node:util';
import { CameraWatch, type WatchPorts } from './camera-watch.ts';
import { type WatchDefaults, watchPolicyOf } from './watch-policy.ts';
import type { WatchedCamera } from './watched-camera.ts';

export interface DetectionOptions extends WatchPorts, WatchDefaults {
  readonly cameras: readonly WatchedCamera[];
}

/** How all cameras are looked at; what is left out stays as it is. */
export type Looking = Pick<DetectionOptions, 'minScore' | 'gate'>;

/**
 * Watches every camera that has zones or lines, from frames to observations. One camera's failure never touches another's.
 * The detector is whoever owns it to start and close.
 */
export class Detection {
  #options: Omit<DetectionOptions, 'cameras'>;
  readonly #watched = new Map<string, CameraWatch>();
  #phase: 'built' | 'watching' | 'closed' = 'built';
  /** One change of cameras after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor({ cameras, ...options }: DetectionOptions) {
    this.#options = options;
    for (const camera of cameras.filter(hasRules)) this.#add(camera);
  }

  /** How many cameras are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Returns at once, whether a camera answers or not. */
  start(): void {
    if (this.#phase !== 'built') return;
    this.#phase = 'watching';
    for (const watch of this.#watched.values()) watch.start();
  }

  /**
   * From now on these are watched, so. Every camera that stays keeps its tracks, and each of its rules that is as it was
   * what it has told; what stood under a rule that is gone is over. Resolves when nothing is observed any more that is
   * not wanted now.
   */
  configure(cameras: readonly WatchedCamera[], how: Looking = {}): Promise<void> {
    this.#changing = this.#changing.then(() => this.#replace(cameras.filter(hasRules), how));
    return this.#changing;
  }

  /** Safe to call twice; once it resolves, nothing more is observed. */
  async close(): Promise<void> {
    this.#phase = 'closed';
    await this.#changing;
    await Promise.all([...this.#watched.values()].map((watch) => watch.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #replace(cameras: readonly WatchedCamera[], how: Looking): Promise<void> {
    const before = this.#options;
    this.#options = { ...before, ...how };
    const looksAsBefore = isDeepStrictEqual(lookingOf(before), lookingOf(this.#options));
    const wanted = new Map(cameras.map((camera) => [camera.id, camera]));
    await Promise.all(
      [...this.#watched.values()].map((watch) => this.#follow(watch, wanted.get(watch.camera.id), looksAsBefore)),
    );
    if (this.#phase === 'closed') return;
    for (const camera of cameras) if (!this.#watched.has(camera.id)) this.#add(camera);
  }

  /** A watch goes on as its camera is wanted now; one that nobody wants any more is over, and all it told of, too. */
  async #follow(watch: CameraWatch, camera: WatchedCamera | undefined, looksAsBefore: boolean): Promise<void> {
    if (looksAsBefore && isDeepStrictEqual(camera, watch.camera)) return;
    if (camera) {
      await watch.configure(camera, watchPolicyOf(camera, this.#options));
      return;
    }
    this.#watched.delete(watch.camera.id);
    await watch.close();
    await watch.endAll();
  }

  #add(camera: WatchedCamera): void {
    const watch = new CameraWatch(camera, this.#options, watchPolicyOf(camera, this.#options));
    this.#watched.set(camera.id, watch);
    if (this.#phase === 'watching') watch.start();
  }
}

const lookingOf = ({ minScore, gate }: Looking) => ({ minScore, gate });

/** A camera that nobody has a rule for costs nothing. */
const hasRules = ({ detect }: WatchedCamera) => (detect.zones ?? []).length + (detect.lines ?? []).length > 0;
