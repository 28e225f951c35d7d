import { setTimeout as delay } from 'node:timers/promises';
import { HttpError } from '@influxdata/influxdb-client';
import { retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import { reasonOf } from './influx-telemetry-store.ts';
import { LineProtocol } from './line-protocol.ts';
import { isRefusal, splitRefused, wasRefusedWhole } from './refused-batch.ts';
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

/**
 * Gives the outbox to InfluxDB, one batch at a time and in order, until the server has it: outages cost time, not points,
 * and a batch whose answer was lost is sent again, which changes nothing. A batch it refuses is sent in parts until the
 * points at fault stand alone, after three more tries at the latest; they are buried with the reason, their neighbours
 * are stored.
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
    // Buried at the end, so that a batch that has to be sent again is not buried twice.
    const letters = await this.#send(rows);
    if (letters.length > 0) await outbox.bury(letters);
    await outbox.settle(last.seq);
    return rows.length;
  }

  /** Answers what the server will never take. */
  async #send(rows: readonly OutboxRow[], retries = 0): Promise<DeadLetter[]> {
    try {
      await this.#options.store.write(rows);
      return [];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (wasRefusedWhole(rows, error)) return this.#giveUp(rows, reasonOf(error));
      const letters: DeadLetter[] = [];
      for (const part of splitRefused(rows, retries)) letters.push(...(await this.#send(part, retries + 1)));
      return letters;
    }
  }

  #giveUp(rows: readonly OutboxRow[], reason: string): DeadLetter[] {
    this.#options.log.error({ reason, points: rows.length }, 'points refused by InfluxDB: kept as dead letters');
    const protocol = new LineProtocol();
    return rows.map((row) => ({ source: 'outbox', device: row.device, reason, body: protocol.line(row) }));
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
