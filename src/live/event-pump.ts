import type { Log } from '../shared/log.ts';
import { type EventTopic, eventTopics } from './contract.ts';

/** A persisted event as the store keeps it. */
export interface StoredEvent {
  readonly seq: number;
  readonly topic: string;
  readonly at: string;
  readonly data: unknown;
}

/** What the hub asks of the event log. */
export interface EventLog {
  /** Oldest first, at most `limit`. */
  eventsSince(seq: number, topics: readonly EventTopic[], limit: number): Promise<readonly StoredEvent[]>;
  headSeq(): Promise<number>;
}

/** An event on its way to the seats; its text is made once for all of them. */
export interface LiveEvent {
  readonly seq: number;
  readonly topic: string;
  readonly area: string | undefined;
  readonly text: string;
}

export function liveEvent({ seq, topic, at, data }: StoredEvent): LiveEvent {
  return { seq, topic, area: areaOf(data), text: JSON.stringify({ type: 'event', topic, seq, at, data }) };
}

function areaOf(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('area' in data)) return undefined;
  return typeof data.area === 'string' ? data.area : undefined;
}

export interface EventPumpOptions {
  readonly log: Log;
  readonly events: EventLog;
  readonly deliver: (event: LiveEvent) => void;
  readonly batch: number;
}

const retryMs = 1_000;

/**
 * Reads what was committed, in the order of `seq`, and hands it on once. To be woken is a hint only: two transactions
 * may report in either order, the log has them in one.
 */
export class EventPump {
  readonly #options: EventPumpOptions;
  #delivered: number | undefined;
  #head = 0;
  #running: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EventPumpOptions) {
    this.#options = options;
  }

  /** The last event handed on; undefined until the log was first read. */
  get delivered(): number | undefined {
    return this.#delivered;
  }

  /** An event up to `seq` is committed. */
  wake(seq: number): void {
    this.#head = Math.max(this.#head, seq);
    if (!this.#closed) this.#running ??= this.#run();
  }

  /** Where a pump begins: at the end of the log. Whatever is older, seats read by themselves. */
  async begin(): Promise<number> {
    const head = this.#delivered ?? (await this.#options.events.headSeq());
    this.#delivered ??= head;
    return this.#delivered;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      let delivered = await this.begin();
      while (!this.#closed && delivered < this.#head) delivered = await this.#next(delivered);
    } catch (err) {
      this.#options.log.error({ err }, 'events not read');
      this.#retry = setTimeout(() => this.wake(this.#head), retryMs).unref();
    } finally {
      this.#running = undefined;
    }
  }

  async #next(from: number): Promise<number> {
    const { events, deliver, batch } = this.#options;
    const wanted = this.#head;
    const read = await events.eventsSince(from, eventTopics, batch);
    for (const event of read) deliver(liveEvent(event));
    // Fewer than asked for: all up to `wanted` is read, also what is of topics that no seat is told of.
    const last = read.at(-1)?.seq ?? from;
    this.#delivered = read.length < batch ? Math.max(last, wanted) : last;
    return this.#delivered;
  }
}
