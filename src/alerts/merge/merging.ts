import { loadedOnce } from '../../shared/loaded-once.ts';
import type { Alert, MergeCause } from '../alert.ts';
import type { AlertRecords, KeyedAlert } from '../alert-records.ts';
import type { Moving } from '../alert-state.ts';
import { becoming } from '../going-on.ts';
import { endedAlert, type Observation, refreshedAlert } from '../observation.ts';
import { MergeRecords, type PartChange } from './merge-records.ts';
import { withPart } from './merged-alert.ts';
import { type IndexedAlert, OpenAlerts } from './open-alerts.ts';

export interface MergingOptions {
  readonly records: AlertRecords;
  /** What was stored of the key's own doing. */
  readonly stored: (key: string, alert: Alert) => void;
  /** What that has made of the alert it is part of: no look of its own. */
  readonly learned: (key: string, alert: Alert) => void;
  /** After the commit: the alert that is shown. */
  readonly changed: (alert: Alert) => void;
  /** An observation has become part of an alert. */
  readonly merged: (part: Alert) => void;
}

export interface Newcomer {
  readonly observation: Observation;
  readonly make: (seq: number) => Alert;
  /** Keys that a seat has taken apart from it. */
  readonly apart: readonly string[];
}

/** How many open alerts of before are known after a start: a seat sees no more either. */
const mostBefore = 1_000;
const mostAttempts = 5;
/** What each part belongs to is asked at every look of a camera, also of alerts that are closed. */
const mostWholes = 10_000;

/** Folds what several sources see of one event into one alert. */
export class Merging {
  readonly #options: MergingOptions;
  readonly #records: MergeRecords;
  readonly #open = new OpenAlerts();
  readonly #wholes = new Map<string, Alert>();
  readonly #loaded = loadedOnce(() => this.#load());

  constructor(options: MergingOptions) {
    this.#options = options;
    this.#records = new MergeRecords(options.records);
  }

  /** The alert it has become part of, or the one that `raise` stores when it is an event of its own. */
  async take(newcomer: Newcomer, raise: () => Promise<Alert>): Promise<Alert> {
    await this.#loaded();
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const found = this.#open.target(newcomer.observation, newcomer.apart);
      if (!found) break;
      // Seen by two at the same moment: the first one is still being stored.
      if (found.target.storing && !(await found.target.storing)) continue;
      const alert = await this.#merge(newcomer, found.target, found.because);
      if (alert) return alert;
      this.#open.forget(found.target.alert.id);
    }
    return await this.#raise(newcomer, raise);
  }

  /** The alert that is shown after its part was seen again. */
  refresh(observation: Observation, part: Alert, times: Omit<Moving, 'seq'>): Promise<Alert> {
    const { key, declared } = observation;
    const snapshot = part.snapshot ? undefined : observation.snapshot;
    const make = (seq: number) => refreshedAlert(part, observation, seq);
    const retell = (whole: Alert, child: Alert) =>
      becoming(whole, withPart(whole, child, whole.seq), { ...times, declared });
    return this.#change(key, { from: part, make, snapshot, retell });
  }

  end(key: string, part: Alert, endedAt: string): Promise<Alert> {
    const retell = (whole: Alert, child: Alert) => ({
      from: whole,
      make: (seq: number) => withPart(whole, child, seq),
    });
    return this.#change(key, { from: part, make: (seq) => endedAlert(part, endedAt, seq), retell });
  }

  /** The alert it is part of. */
  async targetOf({ mergedInto = '' }: Alert): Promise<Alert | undefined> {
    const known = this.#wholes.get(mergedInto);
    if (known) return known;
    const found = await this.#options.records.byId(mergedInto);
    if (found) this.learn(found.key, found.alert);
    return found?.alert;
  }

  learn(key: string, alert: Alert): void {
    this.#open.learn({ key, alert });
    const known = this.#wholes.get(alert.id);
    if (!(known ?? alert.merged) || (known && known.seq > alert.seq)) return;
    this.#wholes.delete(alert.id);
    this.#wholes.set(alert.id, alert);
    const [oldest] = this.#wholes.keys();
    if (this.#wholes.size > mostWholes && oldest !== undefined) this.#wholes.delete(oldest);
  }

  async #merge({ observation, make }: Newcomer, { alert: into }: IndexedAlert, because: MergeCause) {
    const { key, snapshot } = observation;
    const done = await this.#records.merge({ key, make, snapshot, into: into.id, because });
    if (!done) return undefined;
    this.#tell(key, done);
    this.#options.merged(done.child);
    return done.target.alert;
  }

  /** Known to others before it is stored, so that they wait for it. */
  async #raise({ observation, make }: Newcomer, raise: () => Promise<Alert>): Promise<Alert> {
    const provisional = make(0);
    const storing = Promise.withResolvers<boolean>();
    this.#open.learn({ key: observation.key, alert: provisional, storing: storing.promise });
    try {
      const alert = await raise();
      storing.resolve(true);
      return alert;
    } catch (error) {
      this.#open.forget(provisional.id);
      storing.resolve(false);
      throw error;
    }
  }

  async #change(key: string, change: PartChange): Promise<Alert> {
    const done = await this.#records.change(change);
    this.#tell(key, done);
    return done.target?.alert ?? done.child;
  }

  #tell(key: string, { child, target }: { child: Alert; target?: KeyedAlert }): void {
    const { stored, learned, changed } = this.#options;
    stored(key, child);
    if (target) learned(target.key, target.alert);
    changed(target?.alert ?? child);
  }

  async #load(): Promise<void> {
    for (const one of (await this.#options.records.open(mostBefore)).toReversed()) this.#open.learn(one);
  }
}
