import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { type CameraTest, faultChanges, faultsOf, type StandingFault, untested } from './camera-test.ts';
import type { FaultKind } from './fault.ts';
import { SceneStore } from './scene-store.ts';

export interface TestChange {
  readonly id: string;
  readonly before: CameraTest;
  readonly after: CameraTest;
  readonly begun: readonly StandingFault[];
  readonly over: readonly FaultKind[];
}

export interface TestsOptions {
  readonly directory?: string | undefined;
  readonly log: Log;
}

/** What is known of each camera that was ever looked at; what is learnt of its scene outlives the process. */
export class Tests extends EventEmitter<{ changed: [TestChange] }> {
  readonly #tests = new Map<string, CameraTest>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #store: SceneStore | undefined;

  constructor({ directory, log }: TestsOptions) {
    super();
    this.#store = directory === undefined ? undefined : new SceneStore(directory, log);
  }

  ids(): string[] {
    return [...this.#tests.keys()];
  }

  get(id: string): CameraTest | undefined {
    return this.#tests.get(id);
  }

  /** Resolves once what was learnt before is known. */
  ready(id: string): Promise<void> {
    if (this.#tests.has(id)) return Promise.resolve();
    const loading = this.#loading.get(id) ?? this.#load(id);
    this.#loading.set(id, loading);
    return loading;
  }

  /** Nothing happens before the camera is `ready`. */
  change(id: string, next: (test: CameraTest) => CameraTest): void {
    const before = this.#tests.get(id);
    if (!before) {
      void this.ready(id);
      return;
    }
    const after = next(before);
    if (after === before) return;
    this.#tests.set(id, after);
    if (after.scenes !== before.scenes) this.#store?.keep(id, after.scenes);
    this.emit('changed', { id, before, after, ...faultChanges(before, after) });
  }

  /** Changes it, and what the disk had learnt is gone. */
  async forget(id: string, next: (test: CameraTest) => CameraTest): Promise<void> {
    await this.ready(id);
    await this.#store?.forget(id);
    this.change(id, next);
  }

  /** The camera is tested no more: what stood is over. */
  drop(id: string): void {
    const before = this.#tests.get(id);
    this.#tests.delete(id);
    if (!before) return;
    const over = faultsOf(before).map(({ kind }) => kind);
    this.emit('changed', { id, before, after: untested, begun: [], over });
  }

  async prune(cameras: ReadonlySet<string>): Promise<void> {
    await this.#store?.prune(cameras);
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async #load(id: string): Promise<void> {
    const scenes = await this.#store?.read(id);
    this.#loading.delete(id);
    if (!this.#tests.has(id)) this.#tests.set(id, { ...untested, ...(scenes && { scenes }) });
  }
}
