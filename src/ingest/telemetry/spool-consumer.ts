import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, retryDelayMs } from '../../shared/backoff.ts';
import type { Log } from '../../shared/log.ts';
import type { DeadLetter, SpoolRow } from './spool-database.ts';

/** The spool as its consumer needs it. */
export interface Spool {
  positions(): Promise<{ readonly head: number; readonly cursor: number }>;
  readSpool(after: number, limit: number): Promise<SpoolRow[]>;
  advance(seq: number): Promise<void>;
  bury(letter: DeadLetter): Promise<void>;
}

export interface SpoolConsumerOptions {
  readonly spool: Spool;
  /** The message has had its effect when it returns, or once what it returns resolves; may get one again after a crash. */
  readonly deliver: (row: SpoolRow) => Promise<void> | undefined;
  readonly log: Log;
  /** Rows in memory at once, of all devices. */
  readonly window?: number;
  readonly attempts?: number;
  readonly backoff?: Backoff;
  readonly deadlineMs?: number;
}

interface Slot {
  readonly row: SpoolRow;
  done: boolean;
}

const cursorEveryMs = 100;
/** After a disk that refused. */
const unsavedMs = 5_000;

/**
 * Delivers what is in the spool: each device's messages in order, devices side by side, so that one that fails does not
 * hold up the others. The durable cursor moves over a message only after its delivery; what lies behind it is replayed
 * after a restart. A message that keeps failing becomes a dead letter with the reason; none is skipped in silence.
 */
export class SpoolConsumer {
  readonly #options: SpoolConsumerOptions;
  readonly #closing = new AbortController();
  readonly #lanes = new Map<string, Promise<void>>();
  #slots: Slot[] = [];
  #read = 0;
  #cursor = 0;
  #saved = 0;
  #wanted = true;
  #pumping: Promise<void> | undefined;
  #saving: Promise<void> | undefined;

  constructor(options: SpoolConsumerOptions) {
    this.#options = options;
  }

  /** Everything up to here is delivered. */
  get cursor(): number {
    return this.#cursor;
  }

  async start(): Promise<void> {
    const { cursor } = await this.#options.spool.positions();
    this.#cursor = cursor;
    this.#saved = cursor;
    this.#read = cursor;
    this.wake();
  }

  /** What was just written, so that it need not be read; what does not fit stays on disk for later. */
  offer(rows: readonly SpoolRow[]): void {
    const next = rows[0]?.seq === this.#read + 1 && this.#pumping === undefined;
    if (!next || rows.length > this.#room || this.#closing.signal.aborted) {
      this.wake();
      return;
    }
    this.#read += rows.length;
    this.#enqueue(rows);
  }

  /** There may be more to read. */
  wake(): void {
    this.#wanted = true;
    if (this.#closing.signal.aborted) return;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
      if (this.#wanted && this.#room > 0) this.wake();
    });
  }

  /** No delivery is begun after this; one that is under way may end, the cursor is saved. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pumping;
    await Promise.all(this.#lanes.values());
    await this.#saving;
    await this.#save();
  }

  get #room(): number {
    return (this.#options.window ?? 4_096) - this.#slots.length;
  }

  async #pump(): Promise<void> {
    while (this.#wanted && this.#room > 0 && !this.#closing.signal.aborted) {
      this.#wanted = false;
      const limit = Math.min(1_000, this.#room);
      const rows = await this.#readSome(limit);
      if (rows.length === limit) this.#wanted = true;
      this.#enqueue(rows);
    }
  }

  async #readSome(limit: number): Promise<SpoolRow[]> {
    try {
      const rows = await this.#options.spool.readSpool(this.#read, limit);
      this.#read = rows.at(-1)?.seq ?? this.#read;
      return rows;
    } catch (err) {
      this.#options.log.error({ err }, 'spool not readable');
      this.#wanted = true;
      await this.#pause(1_000);
      return [];
    }
  }

  #enqueue(rows: readonly SpoolRow[]): void {
    for (const row of rows) {
      const slot: Slot = { row, done: false };
      this.#slots.push(slot);
      const before = this.#lanes.get(row.device);
      if (before)
        this.#takeLane(
          slot,
          before.then(() => this.#handle(slot)),
        );
      else this.#begin(slot);
    }
    this.#settle();
  }

  /** Most messages are done with at once, and then wait for nobody. */
  #begin(slot: Slot): void {
    const begun = this.#tryDeliver(slot.row);
    if (begun) this.#takeLane(slot, this.#handle(slot, begun));
    else slot.done = true;
  }

  #takeLane({ row }: Slot, handled: Promise<void>): void {
    const lane = handled.finally(() => {
      if (this.#lanes.get(row.device) === lane) this.#lanes.delete(row.device);
    });
    this.#lanes.set(row.device, lane);
  }

  #tryDeliver(row: SpoolRow): Promise<void> | undefined {
    try {
      return this.#options.deliver(row);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #handle(slot: Slot, begun?: Promise<void>): Promise<void> {
    const reason = await this.#attempt(slot.row, begun);
    if (this.#closing.signal.aborted && reason !== undefined) return;
    if (reason !== undefined && !(await this.#bury(slot.row, reason))) return;
    slot.done = true;
    this.#settle();
  }

  /** Undefined when it was delivered, else why not. */
  async #attempt(row: SpoolRow, begun?: Promise<void>): Promise<string | undefined> {
    const { attempts = 10, backoff = { baseMs: 200, maxMs: 5_000 }, deadlineMs = 30_000, log } = this.#options;
    let reason = 'closing';
    let pending = begun;
    for (let attempt = 0; attempt < attempts && !this.#closing.signal.aborted; attempt += 1) {
      if (attempt > 0) await this.#pause(retryDelayMs(backoff, attempt));
      try {
        await withDeadline(pending ?? this.#tryDeliver(row), deadlineMs);
        return undefined;
      } catch (err) {
        pending = undefined;
        reason = err instanceof Error ? err.message : String(err);
        log.warn({ device: row.device, seq: row.seq, attempt, err }, 'device message not delivered');
      }
    }
    return reason;
  }

  async #bury(row: SpoolRow, reason: string): Promise<boolean> {
    const { spool, log } = this.#options;
    log.error({ device: row.device, seq: row.seq, reason }, 'device message given up: kept as a dead letter');
    while (!this.#closing.signal.aborted) {
      try {
        await spool.bury({ source: 'spool', device: row.device, reason, body: row.body });
        return true;
      } catch (err) {
        log.error({ err }, 'dead letter not written');
        await this.#pause(1_000);
      }
    }
    return false;
  }

  #settle(): void {
    let settled = 0;
    while (this.#slots[settled]?.done) settled += 1;
    if (settled === 0) return;
    this.#cursor = this.#slots[settled - 1]?.row.seq ?? this.#cursor;
    this.#slots = this.#slots.slice(settled);
    if (this.#wanted) this.wake();
    this.#saving ??= this.#saveSoon();
  }

  /** What is delivered while the cursor is being saved is saved next: there may be no other message to remind of it. */
  async #saveSoon(): Promise<void> {
    let waitMs = cursorEveryMs;
    do {
      await this.#pause(waitMs);
      waitMs = (await this.#save()) ? cursorEveryMs : unsavedMs;
    } while (this.#cursor !== this.#saved && !this.#closing.signal.aborted);
    this.#saving = undefined;
  }

  async #save(): Promise<boolean> {
    if (this.#cursor === this.#saved) return true;
    const cursor = this.#cursor;
    try {
      await this.#options.spool.advance(cursor);
      this.#saved = cursor;
      return true;
    } catch (err) {
      this.#options.log.error({ err }, 'spool cursor not saved: some messages may be delivered again');
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}

function withDeadline(work: Promise<void> | undefined, deadlineMs: number): Promise<void> | undefined {
  if (!work) return undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${deadlineMs} ms`)), deadlineMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
