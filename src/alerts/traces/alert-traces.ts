import type { Alert } from '../alert.ts';
import type { Detected } from '../detection/model.ts';
import { CameraTraces, type CameraTracesOptions } from './camera-traces.ts';
import { SensorTraces, type SensorTracesOptions } from './sensor-traces.ts';

/** Keeps with every alert of a rule what that rule saw, so that a changed rule can be tried on it. */
export class AlertTraces {
  readonly #cameras: CameraTraces;
  readonly #sensors: SensorTraces;

  constructor(options: CameraTracesOptions & SensorTracesOptions) {
    this.#cameras = new CameraTraces(options);
    this.#sensors = new SensorTraces(options);
  }

  /** From now on the detector says nothing below this. */
  configure(leastScore: number): void {
    this.#cameras.configure(leastScore);
  }

  /** A picture was looked at; its rules have not judged it yet. */
  saw(detected: Detected): void {
    this.#cameras.saw(detected);
  }

  /** An alert, or a part of one, as the desk has just stored it. */
  changed(alert: Alert): void {
    this.#cameras.changed(alert);
    this.#sensors.changed(alert);
  }

  /** Safe to call twice; nothing is written any more once it resolves. */
  async close(): Promise<void> {
    await this.#cameras.close();
    await this.#sensors.close();
  }
}
