import type { Log } from '../../shared/log.ts';
import { deleteRecording, holdsBetween, type Recording, takeFromRing } from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Disk } from './recording-disk.ts';

export interface RingOptions {
  readonly store: Store;
  readonly disk: Disk;
  readonly log: Log;
  /** Files that stay behind the one being written. */
  readonly parts: number;
}

/**
 * The last minute of a camera that is recorded around its alerts: the oldest file goes when a new one is finished, unless
 * something holds a moment of it. It counts files, never time: a clock set anew deletes nothing (T10).
 */
export class Ring {
  readonly #options: RingOptions;
  readonly #parts: Recording[];
  #turning: Promise<void> = Promise.resolve();

  /** `left` are those of the process before, oldest first. */
  constructor(options: RingOptions, left: readonly Recording[]) {
    this.#options = options;
    this.#parts = [...left];
  }

  /** Never rejects; what could not be deleted is tried again with the next one. */
  add(recording: Recording): void {
    this.#parts.push(recording);
    this.#turning = this.#turning.then(() => this.#turn());
  }

  /** Waits for the file that goes. */
  async close(): Promise<void> {
    await this.#turning;
  }

  async #turn(): Promise<void> {
    const { parts, log } = this.#options;
    try {
      while (this.#parts.length > parts && this.#parts[0]) {
        await this.#settle(this.#parts[0]);
        this.#parts.shift();
      }
    } catch (err) {
      log.warn({ err }, 'ring not turned');
    }
  }

  async #settle({ id, file, camera, startedAt, endedAt }: Recording): Promise<void> {
    const { store, disk } = this.#options;
    const holds = await holdsBetween(store.db, { camera, from: startedAt, to: endedAt });
    if (holds.length > 0) return await takeFromRing(store.db, id);
    await disk.remove(file);
    await deleteRecording(store.db, id);
  }
}
