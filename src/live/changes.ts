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
    this.#json ??= JSON.stringify(this.said);
    return this.#json;
  }

  protected get said(): object {
    return this.item;
  }
}

/** There is no such item any more, told to everybody who may have seen it, whatever part of the map they look at. */
class Removal extends Change {
  constructor({ id, area, unit }: LiveItem) {
    super({ id, area, unit }, undefined);
  }

  protected override get said(): object {
    return { id: this.item.id, removed: true };
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
    const key = viewKey(view, this.topic);
    if (!this.#frames.has(key)) this.#frames.set(key, this.#frame(view));
    return this.#frames.get(key);
  }

  #frame(view: View): string | undefined {
    const { topic } = this;
    const seen = [...this.byId.values()].filter(({ item, before }) => isInView(view, { topic, item, before }));
    if (seen.length === 0) return undefined;
    return `{"type":"event","topic":"${topic}","at":"${this.#at}","data":[${seen.map(({ json }) => json).join(',')}]}`;
  }
}

/** Collects between ticks. Holds one change an item, and its removal: bounded by how many items there are. */
export class ChangeCollector {
  readonly #pending = new Map<LatestTopic, Map<string, Change>>();
  readonly #told = new Map<string, LiveItem['position']>();

  add(topic: LatestTopic, item: LiveItem): void {
    this.#of(topic).set(item.id, new Change(item, this.#told.get(`${topic}/${item.id}`)));
  }

  /** What is added of the item later comes after it: whoever sees both sees it come back. */
  remove(topic: LatestTopic, item: LiveItem): void {
    const changes = this.#of(topic);
    changes.delete(item.id);
    changes.set(`${item.id} removed`, new Removal(item));
    this.#told.delete(`${topic}/${item.id}`);
  }

  take(at: Date): Changes[] {
    const taken = [...this.#pending].map(([topic, byId]) => new Changes(topic, byId, at));
    this.#pending.clear();
    for (const { topic, byId } of taken) {
      const there = [...byId.values()].filter((change) => !(change instanceof Removal));
      for (const { item } of there) this.#told.set(`${topic}/${item.id}`, item.position);
    }
    return taken;
  }

  #of(topic: LatestTopic): Map<string, Change> {
    const changes = this.#pending.get(topic) ?? new Map<string, Change>();
    this.#pending.set(topic, changes);
    return changes;
  }
}
