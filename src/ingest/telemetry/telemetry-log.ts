import type { Log } from '../../shared/log.ts';
import { type DeviceMessage, reviveMessage, serializeMessage } from '../device-message.ts';
import { GroupCommit } from './group-commit.ts';
import { SecondChance } from './second-chance.ts';
import { packBatch, type SpoolEntry } from './spool-batch.ts';
import { SpoolConsumer } from './spool-consumer.ts';
import type { SpoolRow } from './telemetry-database.ts';
import type { TelemetryThread } from './telemetry-thread.ts';

/** A message on its way to the disk and to whoever waits for it. */
interface MessageEntry extends SpoolEntry {
  readonly body: string;
  readonly message: DeviceMessage;
}

/** A spooled row that need not be parsed again. */
interface LiveRow extends SpoolRow {
  readonly message?: DeviceMessage;
}

export interface TelemetryLogOptions {
  readonly thread: TelemetryThread;
  /** Takes one spooled message; may get one again after a crash. */
  readonly deliver: (message: DeviceMessage) => Promise<void>;
  readonly log: Log;
  readonly retentionMs: number;
}

const pruneEveryMs = 3_600_000;
const pruneRows = 2_000;

/** What devices said, on disk before it is acknowledged, then delivered in order; old points are forgotten. */
export class TelemetryLog {
  readonly #options: TelemetryLogOptions;
  readonly #commit: GroupCommit<MessageEntry>;
  readonly #consumer: SpoolConsumer;
  readonly #secondChance: SecondChance;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;

  constructor(options: TelemetryLogOptions) {
    this.#options = options;
    const { thread, deliver, log } = options;
    this.#commit = new GroupCommit({
      write: (entries) => thread.ask('append', packBatch(entries)),
      committed: (entries, last) => this.#consumer.offer(rowsOf(entries, last)),
    });
    this.#consumer = new SpoolConsumer({
      spool: {
        positions: () => thread.ask('positions', undefined),
        readSpool: (after, limit) => thread.ask('readSpool', { after, limit }),
        advance: (seq) => thread.ask('advance', seq),
        bury: (letter) => thread.ask('bury', [letter]),
      },
      deliver: ({ message, body }: LiveRow) => deliver(message ?? reviveMessage(body)),
      log,
    });
    this.#secondChance = new SecondChance({
      read: () => thread.ask('deadSos', 100),
      settle: (id) => thread.ask('unbury', id),
      deliver,
    });
  }

  /** Replays what was acknowledged and not delivered, then goes on with what comes. */
  async start(): Promise<void> {
    await this.#consumer.start();
    this.#secondChance.start();
    this.#timer = setInterval(() => this.prune(), pruneEveryMs).unref();
    this.prune();
  }

  /** Resolves when it is on disk. */
  append(message: DeviceMessage, points: SpoolEntry['points']): Promise<void> {
    return this.#commit.append({ device: message.device, body: serializeMessage(message), message, points });
  }

  /** Why nothing can be written at the moment, in a sentence. */
  get trouble(): string | undefined {
    return this.#commit.trouble;
  }

  get pending(): number {
    return this.#commit.pending;
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
    await this.#pruning;
  }

  async #prune(): Promise<void> {
    const before = Date.now() - this.#options.retentionMs;
    let series: number | undefined = 0;
    while (series !== undefined && !this.#closing.signal.aborted) {
      const { next }: { next?: number } = await this.#options.thread.ask('prune', { series, before, most: pruneRows });
      series = next;
    }
  }
}

function rowsOf(entries: readonly MessageEntry[], last: number): LiveRow[] {
  const before = last - entries.length;
  return entries.map(({ device, body, message }, index) => ({ seq: before + 1 + index, device, body, message }));
}
