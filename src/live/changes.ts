import type { LatestTopic } from './contract.ts';
import { isInView, type LiveItem, type View, viewKey } from './view.ts';

/** The newest state of an item; its JSON is made once, for all seats. */
export class Change {
  readonly item: LiveItem;
  /** Where it was last told to be. */
  readonly before: LiveItem['position'];
  #json: string | undefined;

  constructor(item: LiveItem, before: LiveItem['position']) {
    this.item = item;
    this.before = before;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.item);
    return this.#json;
  }
}

/** What changed of one topic within a tick, the newest of each item, and the frame that tells it. */
export class Changes {
  readonly topic: LatestTopic;
  readonly byId: ReadonlyMap<string, Change>;
  readonly #at: string;
  readonly #frames = new Map<string, string | undefined>();

  constructor(topic: LatestTopic, byId: ReadonlyMap<string, Change>, at: Date) {
    this.topic = topic;
    this.byId = byId;
    this.#at = at.toISOString();
  }

  /** Made once for all seats of the same view; undefined when none of it is in view. */
  frameFor(view: View): string | undefined {
    const key = viewKey(view);
    if (!this.#frames.has(key)) this.#frames.set(key, this.#frame(view));
    return this.#frames.get(key);
  }

  #frame(view: View): string | undefined {
    const seen = [...this.byId.values()].filter(({ item, before }) => isInView(view, item, before));
    if (seen.length === 0) return undefined;
    return `{"type":"event","topic":"${this.topic}","at":"${this.#at}","data":[${seen.map(({ json }) => json).join(',')}]}`;
  }
}

/** Collects between ticks. Holds one change an item: bounded by how many items there are. */
export class ChangeCollector {
  readonly #pending = new Map<LatestTopic, Map<string, Change>>();
  readonly #told = new Map<string, LiveItem['position']>();

  add(topic: LatestTopic, item: LiveItem): void {
    const changes = this.#pending.get(topic) ?? new Map<string, Change>();
    this.#pending.set(topic, changes.set(item.id, new Change(item, this.#told.get(`${topic}/${item.id}`))));
  }

  take(at: Date): Changes[] {
    const taken = [...this.#pending].map(([topic, byId]) => new Changes(topic, byId, at));
    this.#pending.clear();
    for (const { topic, byId } of taken) {
      for (const { item } of byId.values()) this.#told.set(`${topic}/${item.id}`, item.position);
    }
    return taken;
  }
}
