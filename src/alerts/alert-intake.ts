import { randomUUIDv7 } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Log } from '../shared/log.ts';
import type { Alert } from './alert.ts';
import { AlertContendedError } from './alert-errors.ts';
import type { AlertRecords } from './alert-records.ts';
import { type DeskLimits, policyFor } from './desk-limits.ts';
import { FloodGuard } from './flood-guard.ts';
import { FloodNotice, isFloodKey } from './flood-notice.ts';
import { goingOn } from './going-on.ts';
import { type KnownAlert, KnownAlerts } from './known-alerts.ts';
import { Lanes } from './lanes.ts';
import { changedOwn, endedWhole, soloAlert } from './merge/merged-alert.ts';
import { Merging } from './merge/merging.ts';
import {
  type Decision,
  decide,
  endedAlert,
  isNews,
  isWorseThanClosed,
  type Observation,
  raisedAlert,
  sourceOf,
} from './observation.ts';
import type { Silences } from './silences/silences.ts';

export interface AlertIntakeOptions {
  readonly records: AlertRecords;
  readonly silences: Pick<Silences, 'covering'>;
  readonly limits: DeskLimits;
  /** After the commit. */
  readonly changed: (alert: Alert) => void;
  /** After the commit: an observation has become part of an alert. */
  readonly merged: (part: Alert) => void;
  readonly log: Log;
}

interface Taken {
  readonly alert: Alert;
  readonly isNew: boolean;
}

const mostAttempts = 5;

/** The way in: turns observations into alerts, each cause once, no source above its share. */
export class AlertIntake {
  readonly #records: AlertRecords;
  readonly #silences: Pick<Silences, 'covering'>;
  readonly #limits: DeskLimits;
  readonly #changed: (alert: Alert) => void;
  readonly #known = new KnownAlerts();
  readonly #lanes = new Lanes();
  readonly #merging: Merging;
  readonly #guard: FloodGuard;
  readonly #notice: FloodNotice;

  constructor({ records, silences, limits, changed, merged, log }: AlertIntakeOptions) {
    this.#records = records;
    this.#silences = silences;
    this.#limits = limits;
    this.#changed = changed;
    const stored = (key: string, alert: Alert) => this.#keep(key, alert, performance.now());
    const learned = (key: string, alert: Alert) => this.#keep(key, alert);
    this.#merging = new Merging({ records, stored, learned, changed, merged });
    this.#guard = new FloodGuard(limits.flood);
    this.#notice = new FloodNotice({
      windowMs: limits.flood.windowMs,
      announce: (notice) => this.observe(notice),
      end: (key, at) => this.end(key, at),
      log,
    });
  }

  async observe(observation: Observation): Promise<Alert> {
    const seen = notAfterNow(observation);
    const counted = !isExempt(seen) && !this.#known.get(seen.key) && !this.#lanes.isBusy(seen.key);
    // Counted before it is looked up: a burst of a thousand must not become a thousand lookups.
    if (counted && !this.#guard.admit(sourceOf(seen))) return await this.#notice.suppressed(seen);
    const taken = await this.#lanes.run(seen.key, () => this.#attempt(seen.key, () => this.#take(seen, counted)));
    if (counted && !taken.isNew) this.#guard.giveBack(sourceOf(seen));
    return taken.alert;
  }

  end(key: string, at: Date): Promise<Alert | undefined> {
    return this.#lanes.run(key, () => this.#attempt(key, () => this.#end(key, at)));
  }

  /** The alert as somebody else has just stored it. */
  know(key: string, alert: Alert): void {
    this.#keep(key, alert);
  }

  async close(): Promise<void> {
    await this.#notice.close();
    await this.#lanes.idle();
  }

  /** Somebody decided on the alert in between: read it again. */
  async #attempt<T>(key: string, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        this.#known.forget(key);
        if (!(error instanceof AlertContendedError) || attempt === mostAttempts) throw error;
      }
    }
  }

  async #take(observation: Observation, counted: boolean): Promise<Taken> {
    const { key } = observation;
    const previous = this.#known.get(key) ?? (await this.#read(key));
    const decision = previous ? await this.#decide(previous.alert, observation) : 'raise';
    if (previous && decision !== 'raise')
      return { alert: await this.#goOn(previous, observation, decision), isNew: false };
    const admitted = counted || isExempt(observation) || this.#guard.admit(sourceOf(observation));
    if (!admitted) return { alert: await this.#notice.suppressed(observation), isNew: false };
    return { alert: await this.#raise(observation, previous?.alert), isNew: true };
  }

  /** A part is judged by what was decided of the whole; and what another source still sees is not over. */
  async #decide(previous: Alert, observation: Observation): Promise<Decision> {
    const policy = policyFor(observation, this.#limits);
    const whole = (previous.mergedInto && (await this.#merging.targetOf(previous))) || previous;
    const { state, closedBy, severity } = whole;
    const own = { ...soloAlert(previous), state, ...(closedBy && { severity }) };
    const decision = decide(own, observation, policy);
    if (decision !== 'raise' || previous.mergedInto !== undefined) return decision;
    const isOver = isWorseThanClosed(previous, observation) || decide(previous, observation, policy) === 'raise';
    return isOver ? 'raise' : 'refresh';
  }

  async #goOn(previous: KnownAlert, observation: Observation, decision: 'refresh' | 'ignore'): Promise<Alert> {
    const { alert, storedAt } = previous;
    const own = soloAlert(alert);
    const resting = performance.now() - storedAt < this.#limits.refreshMs && !isNews(own, observation);
    if (decision === 'ignore' || resting) return (alert.mergedInto && (await this.#merging.targetOf(alert))) || alert;
    const times = { ...this.#limits, now: new Date() };
    if (alert.mergedInto !== undefined) return await this.#merging.refresh(observation, alert, times);
    const snapshot = own.snapshot ? undefined : observation.snapshot;
    const change = goingOn(alert, observation, times);
    return this.#tell(observation.key, await this.#records.refresh(change, snapshot));
  }

  async #raise(observation: Observation, previous: Alert | undefined): Promise<Alert> {
    const facts = { id: randomUUIDv7(), now: new Date(), dueMs: this.#limits.acknowledgeMs };
    const { apart = [] } = previous ?? {};
    const silenced = await this.#silences.covering(observation);
    const make = (seq: number) => ({
      ...raisedAlert(observation, { ...facts, seq }),
      ...(apart.length > 0 && { apart }),
    });
    if (previous && previous.endedAt === undefined) await this.#close(observation.key, previous);
    const { snapshot, key } = observation;
    // What is silenced is part of nothing: what others see of it must be heard.
    if (silenced !== undefined)
      return this.#tell(key, await this.#records.raise({ key, make: quiet(make, silenced), snapshot }));
    return await this.#merging.take({ observation, make, apart }, async () =>
      this.#tell(key, await this.#records.raise({ key, make, snapshot })),
    );
  }

  /** Its source never said that it was over. */
  async #close(key: string, open: Alert): Promise<void> {
    if (open.mergedInto !== undefined) await this.#merging.end(key, open, open.lastSeenAt);
    else {
      const make = (seq: number) => endedWhole(open, open.lastSeenAt, seq);
      this.#tell(key, await this.#records.refresh({ from: open, make }));
    }
  }

  async #end(key: string, at: Date): Promise<Alert | undefined> {
    const { alert } = this.#known.get(key) ?? (await this.#read(key)) ?? {};
    const endedAt = new Date(Math.min(at.getTime(), Date.now())).toISOString();
    const own = alert && soloAlert(alert);
    // An end older than the last look is an old message delivered again.
    if (!own || own.endedAt !== undefined || endedAt < own.lastSeenAt) return undefined;
    if (alert.mergedInto !== undefined) return await this.#merging.end(key, alert, endedAt);
    const make = (seq: number) => changedOwn(alert, (seen) => endedAlert(seen, endedAt, seq));
    return this.#tell(key, await this.#records.refresh({ from: alert, make }));
  }

  async #read(key: string): Promise<KnownAlert | undefined> {
    const alert = await this.#records.latest(key);
    return alert && this.#known.keep(key, alert);
  }

  #tell(key: string, alert: Alert): Alert {
    this.#keep(key, alert, performance.now());
    this.#changed(alert);
    return alert;
  }

  #keep(key: string, alert: Alert, storedAt?: number): void {
    this.#known.keep(key, alert, storedAt);
    this.#merging.learn(key, alert);
  }
}

/**
 * A call for help is never weighed against others, nor is the notice that says others were held back. Weather warnings hold
 * themselves back: one of a whole province is many alerts at once.
 */
function isExempt({ kind, key }: Observation): boolean {
  return kind === 'sos' || kind === 'weather-warning' || isFloodKey(key);
}

/** Nobody has to take what rings nowhere. */
function quiet(make: (seq: number) => Alert, silenced: string): (seq: number) => Alert {
  return (seq) => {
    const { dueAt: _, ...raised } = make(seq);
    return { ...raised, silenced };
  };
}

/** A device whose clock runs ahead has not seen the future. */
function notAfterNow(observation: Observation): Observation {
  return observation.at.getTime() <= Date.now() ? observation : { ...observation, at: new Date() };
}
