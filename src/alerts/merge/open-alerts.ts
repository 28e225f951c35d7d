import { MovingIndex } from '../../gis/moving-index.ts';
import type { Observation } from '../observation.ts';
import { type MergeTarget, mergeReach, mergeTarget, type OpenAlert } from './merge-target.ts';

/** One that is not stored yet answers whether it has been, in the end. */
export interface IndexedAlert extends OpenAlert {
  readonly storing?: Promise<boolean>;
}

/** Cells of about 110 m: a look within 80 m sees nine of them, however many alerts there are. */
const cellDegrees = 0.001;
const mostAlerts = 50_000;

/** The open alerts by place: what a new observation may be the same event as. Rebuilt from the store, never asked instead. */
export class OpenAlerts {
  readonly #places = new MovingIndex(cellDegrees);
  readonly #byId = new Map<string, IndexedAlert>();

  /** Takes in what became of an alert; one that is closed, ended or part of another is forgotten. */
  learn(one: IndexedAlert): void {
    const { id, state, endedAt, mergedInto, silenced, position, seq } = one.alert;
    const known = this.#byId.get(id);
    // Answers of the database may be handed out in any order.
    if (known && known.alert.seq > seq) return;
    this.forget(id);
    if (endedAt !== undefined || mergedInto !== undefined || silenced !== undefined) return;
    if (state !== 'raised' && state !== 'acknowledged') return;
    this.#byId.set(id, one);
    this.#places.update(id, position);
    const [oldest] = this.#byId.keys();
    if (this.#byId.size > mostAlerts && oldest !== undefined) this.forget(oldest);
  }

  forget(id: string): void {
    this.#byId.delete(id);
    this.#places.remove(id);
  }

  /** `apart`: keys that a seat has taken apart from the observation's. */
  target(observation: Observation, apart: readonly string[]): MergeTarget<IndexedAlert> | undefined {
    const near = this.#places.around(observation.position, mergeReach(observation));
    const open = near.flatMap(({ id }) => this.#byId.get(id) ?? []);
    return mergeTarget(observation, open, { apart });
  }
}
