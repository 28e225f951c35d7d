import type { Log } from '../../shared/log.ts';
import { type DeviceMessage, reviveMessage, serializeMessage } from '../device-message.ts';
import { GroupCommit } from './group-commit.ts';
import { PointsDrain } from './points-drain.ts';
import { SecondChance } from './second-chance.ts';
import { packBatch, type SpoolEntry } from './spool-batch.ts';
import type { SpoolThread } from './spool-calls.ts';
import { SpoolConsumer } from './spool-consumer.ts';
import type { SpoolRow } from './spool-database.ts';
import type { TelemetryThread } from './telemetry-calls.ts';

/** A message on its way to the disk and to whoever waits for it. */
interface MessageEntry extends SpoolEntry {
  readonly message: DeviceMessage;
}

/** A spooled row that need not be parsed again. */
interface LiveRow extends SpoolRow {
  readonly message?: DeviceMessage;
}

export interface TelemetryLogOptions {
  readonly spool: SpoolThread;
  /** Where points go. */
  readonly series: TelemetryThread;
  /** Takes one spooled message; may get one again after a crash. */
  readonly deliver: (message: DeviceMessage) => Promise<void> | undefined;
  readonly log: Log;
  readonly retentionMs: number;
  /** How long points gather before they are stored. */
  readonly gatherMs: number;
}

const pruneEveryMs = 3_600_000;
const pruneRows = 2_000;

/** What devices said, in the spool before it is acknowledged, then delivered and stored in order; old points are forgotten. */
export class TelemetryLog {
  readonly #options: TelemetryLogOptions;
  readonly #commit: GroupCommit<MessageEntry>;
  readonly #consumer: SpoolConsumer;
  readonly #drain: PointsDrain;
  readonly #secondChance: SecondChance;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;

  constructor(options: TelemetryLogOptions) {
    this.#options = options;
    const { spool, series, deliver, log, gatherMs } = options;
    this.#commit = new GroupCommit({
      write: (entries) => spool.ask('append', packBatch(entries)),
      committed: (entries, last) => {
        this.#consumer.offer(rowsOf(entries, last));
        this.#drain.wake();
      },
    });
    this.#consumer = new SpoolConsumer({
      spool: {
        positions: () => spool.ask('positions', undefined),
        readSpool: (after, limit) => spool.ask('readSpool', { after, limit }),
        advance: (seq) => spool.ask('advance', seq),
        bury: (letter) => spool.ask('bury', [letter]),
      },
      deliver: ({ message, body }: LiveRow) => deliver(message ?? reviveMessage(body)),
      log,
    });
    this.#drain = new PointsDrain({
      ports: {
        cursor: async () => (await spool.ask('positions', undefined)).pointsCursor,
        read: (after, most) => spool.ask('readPoints', { after, most }),
        write: (batch) => series.ask('write', batch),
        settle: (seq) => spool.ask('settlePoints', seq),
        bury: (letters) => spool.ask('bury', letters),
      },
      log,
      everyMs: gatherMs,
    });
    this.#secondChance = new SecondChance({
      read: () => spool.ask('deadSos', 100),
      settle: (id) => spool.ask('unbury', id),
      deliver: async (message) => await deliver(message),
    });
  }

  /** Stores the points that a former process left in the spool. Fails with TelemetryFileError. */
  async open(): Promise<void> {
    await this.#drain.start();
    await this.#drain.flush();
  }

  /** Once it is open: replays what was acknowledged and not delivered, then goes on with what comes. */
  async start(): Promise<void> {
    await this.#consumer.start();
    this.#secondChance.start();
    this.#timer = setInterval(() => this.prune(), pruneEveryMs).unref();
    this.prune();
  }

  /**
   * Resolves when it is on disk. Points stand at the time the device gave, even a wrong one: the same message sent again
   * is the same points.
   */
  append(message: DeviceMessage, measured: SpoolEntry['measured']): Promise<void> {
    const { device, at, skewedAt = at, receivedAt } = message;
    const times = { at: skewedAt.getTime(), receivedAt: receivedAt.getTime() };
    return this.#commit.append({ device, body: serializeMessage(message), message, measured, ...times });
  }

  /** Why nothing can be written at the moment, in a sentence. */
  get trouble(): string | undefined {
    return this.#commit.trouble ?? this.#drain.trouble;
  }

  get pending(): number {
    return this.#commit.pending;
  }

  /** Resolves when what was acknowledged before is in the store, or after five seconds. */
  settled(): Promise<void> {
    return this.#drain.flush();
  }

  /** Forgets points older than the retention, in bites between which commits go first. */
  prune(): void {
    this.#pruning ??= this.#prune()
      .catch((err) => this.#options.log.warn({ err }, 'old telemetry not forgotten'))
      .finally(() => {
        this.#pruning = undefined;
      });
  }

  /** Writes what was taken, ends the delivery that is under way, saves the cursor. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#commit.close();
    await this.#consumer.close();
    await this.#secondChance.close();
    await this.#drain.close();
    await this.#pruning;
  }

  async #prune(): Promise<void> {
    const now = Date.now();
    const before = now - this.#options.retentionMs;
    let series: number | undefined = 0;
    while (series !== undefined && !this.#closing.signal.aborted) {
      const { next }: { next?: number } = await this.#options.series.ask('prune', {
        series,
        before,
        now,
        most: pruneRows,
      });
      series = next;
    }
  }
}

function rowsOf(entries: readonly MessageEntry[], last: number): LiveRow[] {
  const before = last - entries.length;
  return entries.map(({ device, body, message }, index) => ({ seq: before + 1 + index, device, body, message }));
}
