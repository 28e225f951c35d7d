import type { CameraConfig } from '../resolve-cameras.ts';
import { type CameraStatus, cameraStatus, type StatusFacts } from './camera-status.ts';

/** How cameras stand that nobody wanted yet; each made once: a list of thousands is asked for by every wall. */
export class IdleStatuses {
  readonly #facts: StatusFacts;
  readonly #made = new WeakMap<CameraConfig, CameraStatus>();

  constructor(since: Date) {
    this.#facts = {
      state: { phase: 'idle', since },
      lastFrameAt: undefined,
      video: undefined,
      sound: undefined,
      viewers: 0,
    };
  }

  of(config: CameraConfig): CameraStatus {
    const known = this.#made.get(config);
    if (known) return known;
    const made = cameraStatus(config, this.#facts);
    this.#made.set(config, made);
    return made;
  }
}
