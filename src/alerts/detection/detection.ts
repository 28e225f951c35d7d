import { CameraWatch, type WatchPorts } from './camera-watch.ts';
import type { WatchedCamera } from './watched-camera.ts';

export interface DetectionOptions extends WatchPorts {
  readonly cameras: readonly WatchedCamera[];
  readonly minScore?: number;
  /** For cameras that do not say; 500 ms unless told. */
  readonly everyMs?: number;
  readonly clearMs?: number;
  readonly refreshMs?: number;
}

/**
 * Watches every camera that has zones, from frames to observations. One camera's failure never touches another's.
 * The detector is whoever owns it to start and close.
 */
export class Detection {
  readonly #watches: readonly CameraWatch[];
  #isClosed = false;

  constructor({
    cameras,
    minScore = 0.4,
    everyMs = 500,
    clearMs = 10_000,
    refreshMs = 1_000,
    ...ports
  }: DetectionOptions) {
    this.#watches = cameras
      .filter(({ detect }) => (detect.zones ?? []).length > 0)
      .map((camera) => {
        const every = camera.detect.every === undefined ? everyMs : camera.detect.every * 1_000;
        return new CameraWatch(camera, ports, { minScore, everyMs: every, dwellMs: 3_000, clearMs, refreshMs });
      });
  }

  /** Returns at once, whether a camera answers or not. */
  start(): void {
    if (this.#isClosed) return;
    for (const watch of this.#watches) watch.start();
  }

  /** Safe to call twice; once it resolves, nothing more is observed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#watches.map((watch) => watch.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
