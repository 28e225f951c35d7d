import type { Actor } from '../shared/actor.ts';
import type { EventTopic, Topic } from './contract.ts';
import { type EventLog, type EventPump, liveEvent } from './event-pump.ts';
import { Gate } from './gate.ts';
import type { LiveLimits } from './live-limits.ts';
import type { Seat } from './seat.ts';
import type { Subscription } from './seat-state.ts';
import { isInView, type LiveItem } from './view.ts';

/** What an actor sees of a topic now. A topic without one has no items. */
export type Snapshots = { readonly [T in Topic]?: (actor: Actor) => Promise<readonly LiveItem[]> };

export interface SynchroniserOptions {
  readonly snapshots: Snapshots;
  readonly events: EventLog;
  readonly pump: EventPump;
  readonly limits: LiveLimits;
}

/** Seats that may read the database at the same time. */
const readersAtOnce = 8;

/** Brings one seat from what it has to what is, then leaves it to the pump, with nothing lost or told twice between. */
export class Synchroniser {
  readonly #options: SynchroniserOptions;
  readonly #gate = new Gate(readersAtOnce);

  constructor(options: SynchroniserOptions) {
    this.#options = options;
  }

  /** Ends early, saying no more, once `signal` is aborted. */
  async run(seat: Seat, subscription: Subscription, signal: AbortSignal): Promise<void> {
    await this.#options.pump.begin();
    const head = await this.#gate.run(() => this.#options.events.headSeq());
    const { events, latest, since } = subscription;
    const resumes = since !== undefined && since <= head && head - since <= this.#options.limits.replayWindow;
    const snapshots: Topic[] = resumes ? [...latest] : [...events, ...latest];
    for (const topic of snapshots) {
      if (signal.aborted) return;
      if (since !== undefined && !resumes && isEventTopic(topic, events))
        seat.say({ type: 'gap', topic, from: since, to: head });
      await seat.tell(await this.#snapshot(seat, { topic, subscription, head }));
    }
    await this.#replay(seat, resumes ? since : head, signal);
  }

  async #snapshot({ actor }: Seat, { topic, subscription, head }: Wanted): Promise<string> {
    const items = await this.#gate.run(async () => (await this.#options.snapshots[topic]?.(actor)) ?? []);
    const bbox = isEventTopic(topic, subscription.events) ? undefined : subscription.bbox;
    const seen = items.filter((item) => isInView({ actor, bbox }, { topic, item }));
    return JSON.stringify({ type: 'snapshot', topic, items: seen, seq: head });
  }

  /** Reads on until the seat stands where the pump stands; from then on the pump tells it. */
  async #replay(seat: Seat, from: number, signal: AbortSignal): Promise<void> {
    const { pump, limits } = this.#options;
    const { events: topics } = 'subscription' in seat.state ? seat.state.subscription : { events: [] };
    let cursor = from;
    while (!signal.aborted) {
      if (topics.length === 0 || cursor >= (pump.delivered ?? 0)) break;
      cursor = await this.#replayBatch(seat, { cursor, topics, limit: limits.replayBatch });
    }
    if (!signal.aborted) seat.apply({ type: 'synced', cursor });
  }

  async #replayBatch(seat: Seat, { cursor, topics, limit }: Batch): Promise<number> {
    const { events, pump } = this.#options;
    const covered = pump.delivered ?? 0;
    const read = await this.#gate.run(() => events.eventsSince(cursor, topics, limit));
    for (const event of read.map(liveEvent)) if (seat.sees(event)) await seat.tell(event.text);
    const last = read.at(-1)?.seq ?? cursor;
    return read.length < limit ? Math.max(last, covered) : last;
  }
}

interface Wanted {
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly head: number;
}

interface Batch {
  readonly cursor: number;
  readonly topics: readonly EventTopic[];
  readonly limit: number;
}

function isEventTopic(topic: Topic, events: readonly EventTopic[]): topic is EventTopic {
  return events.some((name) => name === topic);
}
