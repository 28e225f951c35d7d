/** Brings what the self-test finds to the desk: once when it begins, with a picture, and once when it is over. */
import { cameraFaultKey, cameraFaultObservation } from './alerts/camera-fault.ts';
import type { AlertDesk } from './alerts/desk.ts';
import { Lanes } from './alerts/lanes.ts';
import { cameraPlace, type Finder } from './placing.ts';
import { ErrorTally } from './shared/error-tally.ts';
import type { Log } from './shared/log.ts';
import type { BegunFault, SelfTest } from './streams/self-test/self-test.ts';

export interface CameraFaultsOptions {
  readonly desk: Pick<AlertDesk, 'observe' | 'end'>;
  readonly test: SelfTest;
  /** What a camera shows now, JPEG; undefined when it cannot be had. */
  readonly picture: (camera: string) => Promise<Uint8Array | undefined>;
  readonly find: Finder;
  readonly log: Log;
}

export class CameraFaults {
  readonly #options: CameraFaultsOptions;
  readonly #untold: ErrorTally;
  /** A fault is over only after it was told. */
  readonly #lanes = new Lanes();
  #isClosed = false;

  constructor(options: CameraFaultsOptions) {
    this.#options = options;
    this.#untold = new ErrorTally((count, err) => options.log.error({ count, err }, 'camera faults not told'));
    options.test.on('fault', (fault) => {
      this.#tell(cameraFaultKey(fault.camera.id, fault.kind), () => this.#raise(fault));
    });
    options.test.on('over', (camera, kind) => {
      const key = cameraFaultKey(camera, kind);
      this.#tell(key, () => options.desk.end(key, new Date()));
    });
  }

  /** Safe to call twice; waits for what is being told. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#lanes.idle();
    this.#untold.close();
  }

  #tell(key: string, work: () => Promise<unknown>): void {
    if (!this.#isClosed) this.#lanes.run(key, work).catch((error) => this.#untold.add(error));
  }

  /** An alert without a place helps nobody: such a camera's faults are on the wall only. */
  async #raise({ camera, ...fault }: BegunFault): Promise<void> {
    const { desk, picture, find } = this.#options;
    const { position, ...place } = cameraPlace(camera, find);
    if (!position) return;
    const snapshot = await picture(camera.id);
    const at = { id: camera.id, name: camera.name, ...place, position };
    await desk.observe(cameraFaultObservation({ ...fault, camera: at, snapshot }, new Date()));
  }
}
