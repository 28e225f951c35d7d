import { setTimeout as delay } from 'node:timers/promises';
import { type DeviceMessage, reviveMessage } from '../device-message.ts';
import type { DeadMessage } from './spool-database.ts';

export interface SecondChanceOptions {
  /** The calls for help among the dead letters, oldest first. */
  readonly read: () => Promise<readonly DeadMessage[]>;
  readonly settle: (id: number) => Promise<void>;
  readonly deliver: (message: DeviceMessage) => Promise<void>;
  readonly everyMs?: number;
}

/**
 * An SOS is never given up: one that could not be delivered stands aside, so that nothing waits behind it, and is tried
 * again every half minute, also by the next process, until it has been heard.
 */
export class SecondChance {
  readonly #options: SecondChanceOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: SecondChanceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run(this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#round(signal).catch(() => {});
      await delay(this.#options.everyMs ?? 30_000, undefined, { signal }).catch(() => {});
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    for (const { id, body } of await this.#options.read()) {
      if (signal.aborted) return;
      const heard = await this.#options.deliver(reviveMessage(body)).then(
        () => true,
        () => false,
      );
      if (heard) await this.#options.settle(id);
    }
  }
}
