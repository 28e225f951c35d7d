import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import {
  insertRecording,
  type Recording,
  type RecordingProgress,
  updateRecordings,
} from '../../store/recordings-repository.ts';
import type { Store } from '../../store/store.ts';

/** The rows of what is being written: each is there before its first picture, and brought up to date together. */
export class RecordingIndex {
  readonly #store: Store;
  readonly #unwritten: ErrorTally;
  readonly #progress = new Map<string, RecordingProgress>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#unwritten = new ErrorTally((count, err) => log.warn({ count, err }, 'recording index not written'));
  }

  async begin(recording: Recording): Promise<void> {
    await insertRecording(this.#store.db, recording);
  }

  /** Remembered, and written by the next `flush`; after a crash the file itself says it. */
  note(progress: RecordingProgress): void {
    this.#progress.set(progress.id, progress);
  }

  /** One transaction for all; what could not be written is tried again the next time. Never rejects. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#unwritten.close();
  }

  async #write(): Promise<void> {
    const changes = [...this.#progress.values()];
    if (changes.length === 0) return;
    this.#progress.clear();
    try {
      await this.#store.transaction((tx) => updateRecordings(tx, changes));
    } catch (error) {
      for (const change of changes) if (!this.#progress.has(change.id)) this.#progress.set(change.id, change);
      this.#unwritten.add(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
