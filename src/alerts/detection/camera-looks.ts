import type { MotionGate, Standing } from './gate/motion-gate.ts';
import type { Look } from './gate/next-look.ts';
import type { CameraFrame, Detected, Detector, Rank } from './model.ts';

export interface LooksPorts {
  readonly detector: Detector;
  /** Who is there at that time, as far as is known when a picture of it comes. */
  readonly standing: (at: number) => Omit<Standing, 'pending'>;
  /** How much hangs on that picture. */
  readonly rank: (frame: CameraFrame) => Rank;
  /** Told in the order of the pictures; not `isLooked` when the picture was left out. */
  readonly seen: (detected: Detected, isLooked: boolean) => void;
  readonly failed: (error: unknown) => void;
}

const whole: Look = { type: 'whole' };

/** Has the pictures of one camera looked at: what of them its gate says, or all of them without one. */
export class CameraLooks {
  readonly #ports: LooksPorts;
  #gate: MotionGate | undefined;
  readonly #pending = new Set<Look>();

  constructor(ports: LooksPorts, gate: MotionGate | undefined) {
    this.#ports = ports;
    this.#gate = gate;
  }

  /** Holds from the next picture on. */
  configure(gate: MotionGate | undefined): void {
    this.#gate = gate;
  }

  /** The detector keeps the newest picture and drops what it cannot look at. */
  take(frame: CameraFrame): void {
    const { standing, seen } = this.#ports;
    const known = () => ({ ...standing(frame.at.getTime()), pending: [...this.#pending] });
    const look = this.#gate ? this.#gate.decide(frame, known()) : whole;
    if (look.type === 'nothing') seen({ frame, sightings: [] }, false);
    else void this.#ask(frame, look);
  }

  async #ask(frame: CameraFrame, look: Look): Promise<void> {
    const { detector, rank, seen, failed } = this.#ports;
    const gate = this.#gate;
    this.#pending.add(look);
    try {
      const regions = look.type === 'regions' ? look.regions : undefined;
      const detected = await detector.detect(frame, regions, rank(frame));
      gate?.looked(look, frame.at);
      seen(detected, true);
      this.#pending.delete(look);
    } catch (error) {
      this.#pending.delete(look);
      // A newer picture that took its place is looked at for both.
      if (this.#pending.size === 0) gate?.missed();
      failed(error);
    }
  }
}
