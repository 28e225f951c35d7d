import { setTimeout as delay } from 'node:timers/promises';
import { HttpError } from '@influxdata/influxdb-client';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { reasonOf } from './influx-telemetry-store.ts';
import { LineProtocol } from './line-protocol.ts';
import type { SpoolThread } from './spool-calls.ts';
import type { DeadLetter } from './spool-database.ts';
import type { TelemetryThread } from './telemetry-calls.ts';
import type { OutboxRow } from './telemetry-database.ts';
import type { TelemetryPoint } from './telemetry-store.ts';

/** What has still to be given to the remote store, oldest first. */
export interface Outbox {
  read(limit: number): Promise<readonly OutboxRow[]>;
  /** Everything up to `seq` has arrived, or is buried. */
  settle(seq: number): Promise<void>;
  bury(letters: readonly DeadLetter[]): Promise<void>;
}

/** The outbox in the file of series; what is buried lies with the other dead letters. */
export function outboxOf(thread: TelemetryThread, spool: SpoolThread): Outbox {
  return {
    read: (limit) => thread.ask('readOutbox', limit),
    settle: (seq) => thread.ask('settleOutbox', seq),
    bury: (letters) => spool.ask('bury', letters),
  };
}

export interface InfluxForwarderOptions {
  readonly outbox: Outbox;
  readonly store: { write(points: readonly TelemetryPoint[]): Promise<void>; createDatabase(): Promise<void> };
  readonly log: Log;
  readonly batch?: number;
  readonly idleMs?: number;
}

const backoff = { baseMs: 500, maxMs: 30_000 };
/** What a server answers to a batch with something in it that it will never take. */
const refusedForGood = new Set([400, 413, 422]);

/**
 * Gives the outbox to InfluxDB, one batch at a time and in order, until the server has it: outages cost time, not points,
 * and a batch whose answer was lost is sent again, which changes nothing. A batch it refuses is halved until the point at
 * fault stands alone; that one is buried with the reason, its neighbours are stored.
 */
export class InfluxForwarder {
  readonly #options: InfluxForwarderOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(options: InfluxForwarderOptions) {
    this.#options = options;
  }

  /** Why nothing gets through at the moment, in a sentence. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run(this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const sent = await this.#round();
        failures = 0;
        this.#trouble = undefined;
        if (sent === 0) await pause(this.#options.idleMs ?? 250, signal);
      } catch (err) {
        this.#trouble = `InfluxDB takes no points: ${reasonOf(err)}`;
        if (failures === 0) this.#options.log.warn({ reason: reasonOf(err) }, 'InfluxDB takes no points');
        await this.#repair(err);
        await pause(Math.max(retryDelayMs(backoff, failures), retryAfterMs(err)), signal);
        failures += 1;
      }
    }
  }

  async #round(): Promise<number> {
    const { outbox, batch = 5_000 } = this.#options;
    const rows = await outbox.read(batch);
    const last = rows.at(-1);
    if (!last) return 0;
    await this.#send(rows);
    await outbox.settle(last.seq);
    return rows.length;
  }

  async #send(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.#options.store.write(rows);
    } catch (error) {
      if (!(error instanceof HttpError && refusedForGood.has(error.statusCode))) throw error;
      if (rows.length === 1) return this.#bury(rows, reasonOf(error));
      const half = Math.ceil(rows.length / 2);
      await this.#send(rows.slice(0, half));
      await this.#send(rows.slice(half));
    }
  }

  async #bury(rows: readonly OutboxRow[], reason: string): Promise<void> {
    this.#options.log.error({ reason, points: rows.length }, 'point refused by InfluxDB: kept as a dead letter');
    await this.#options.outbox.bury(
      rows.map((row) => ({ source: 'outbox', device: row.device, reason, body: new LineProtocol().line(row) })),
    );
  }

  async #repair(error: unknown): Promise<void> {
    if (!(error instanceof HttpError && error.statusCode === 404)) return;
    await this.#options.store.createDatabase().catch(() => {});
  }
}

function retryAfterMs(error: unknown): number {
  return error instanceof HttpError ? Math.min(error.retryAfter() * 1_000, backoff.maxMs) : 0;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
