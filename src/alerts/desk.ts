import { EventEmitter } from 'node:events';
import { type Actor, maySee, systemActor } from '../shared/actor.ts';
import type { Log } from '../shared/log.ts';
import { alertTraceOf } from '../store/alert-traces-repository.ts';
import { listAlerts, snapshotOf } from '../store/alerts-repository.ts';
import { ledgerOf } from '../store/ledger-repository.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Alert, Signature } from './alert.ts';
import {
  AlertHasIncidentError,
  AlertMergedError,
  AlertNotFoundError,
  AlertStaleError,
  SeatNotFoundError,
  SnapshotNotFoundError,
  TraceNotFoundError,
} from './alert-errors.ts';
import { AlertIntake } from './alert-intake.ts';
import { type AlertPage, type AlertQuery, filterOf, largestPage } from './alert-query.ts';
import { AlertRecords, type Change, type KeyedAlert, parsed } from './alert-records.ts';
import { type AlertMove, movedAlert, nextState, stateOf, takenState } from './alert-state.ts';
import { type AlertTimelineEntry, alertTimelineEntry } from './alert-timeline.ts';
import { type DeskLimits, defaultDeskLimits } from './desk-limits.ts';
import { hasArea, type SeatAccount } from './duty/seats.ts';
import { separate } from './merge/separate.ts';
import type { Observation } from './observation.ts';
import { Silences } from './silences/silences.ts';
import { type Trace, unpackTrace } from './traces/trace.ts';

export interface AlertDeskEvents {
  /** After the commit, once for every new `seq` of an alert. */
  changed: [alert: Alert];
  /** The same of what is silenced: kept, and told to nobody. */
  silenced: [alert: Alert];
  /** An observation has become part of an alert; `changed` tells of that one. */
  merged: [part: Alert];
}

export interface AlertDeskOptions {
  readonly store: Store;
  readonly log: Log;
  readonly limits?: Partial<DeskLimits>;
}

/** What the actor decided on; without a version, on whatever there is. */
export interface Decided {
  readonly version?: number | undefined;
}

/** Takes what the rules and the detector see, and what people decide of it. Keeps nothing it cannot read again. */
export class AlertDesk extends EventEmitter<AlertDeskEvents> {
  readonly silences: Silences;
  readonly #store: Store;
  readonly #records: AlertRecords;
  readonly #limits: DeskLimits;
  readonly #intake: AlertIntake;

  constructor({ store, log, limits }: AlertDeskOptions) {
    super();
    this.#store = store;
    this.#limits = { ...defaultDeskLimits, ...limits };
    this.#records = new AlertRecords(store, this.#limits);
    const changed = (alert: Alert) => this.#tell(alert);
    const merged = (part: Alert) => void this.emit('merged', part);
    this.silences = new Silences(store);
    this.#intake = new AlertIntake({
      records: this.#records,
      silences: this.silences,
      limits: this.#limits,
      changed,
      merged,
      log,
    });
  }

  /**
   * Raises an alert, or refreshes the one of the same key while it lasts. Resolves once it is on disk. What a flood
   * suppresses is answered with the alert that announces the flood.
   */
  observe(observation: Observation): Promise<Alert> {
    return this.#intake.observe(observation);
  }

  /** The cause of the key's alert is gone; undefined when none was open. */
  end(key: string, at: Date): Promise<Alert | undefined> {
    return this.#intake.end(key, at);
  }

  /** Takes the alert: 受理. Fails with `ALERT_NOT_FOUND`, `ALERT_MOVE_REFUSED`, `ALERT_STALE`. */
  acknowledge(id: string, actor: Actor, decided: Decided = {}): Promise<Alert> {
    return this.#move(id, actor, { ...decided, type: 'acknowledge' });
  }

  /** Gives the alert back: it is untaken again. */
  release(id: string, actor: Actor, decided: Decided = {}): Promise<Alert> {
    return this.#move(id, actor, { ...decided, type: 'release' });
  }

  confirm(id: string, actor: Actor, decided: Decided = {}): Promise<Alert> {
    return this.#move(id, actor, { ...decided, type: 'confirm' });
  }

  dismiss(id: string, actor: Actor, decided: Decided & { readonly reason: string }): Promise<Alert> {
    return this.#move(id, actor, { ...decided, type: 'dismiss' });
  }

  /** The seat takes the alert, whoever says so: 指派. Fails with `SEAT_NOT_FOUND` besides, when that one may not see it. */
  assign(id: string, actor: Actor, { to, version }: Decided & { readonly to: SeatAccount }): Promise<Alert> {
    return this.#move(id, actor, { version, type: 'assign', to });
  }

  /** Who has it puts it off: it is out of the queue until then, and untaken again afterwards. Fails with `ALERT_HAS_INCIDENT` besides. */
  snooze(id: string, actor: Actor, { minutes, version }: Decided & { readonly minutes: number }): Promise<Alert> {
    const until = new Date(Date.now() + minutes * 60_000).toISOString();
    return this.#move(id, actor, { version, type: 'snooze', until });
  }

  /** Changes the alert as `decide` says of what the database has; undefined, and nothing changed, when it says nothing. */
  async amend(id: string, decide: Amendment): Promise<Alert | undefined> {
    const amended = await this.#records.decide((tx) => this.amendIn(tx, id, decide));
    amended?.told();
    return amended?.alert;
  }

  /** The same within somebody's transaction; `told` is to be called once that is committed. */
  async amendIn(tx: Tx, id: string, decide: Amendment): Promise<Amended | undefined> {
    const found = await this.#records.byId(id, tx);
    const change = found && decide(found.alert);
    if (!found || !change) return undefined;
    const alert = await this.#records.change(tx, { from: found.alert, ...change });
    return { alert, told: () => this.#know(found.key, alert) };
  }

  /**
   * Takes a part out of the alert again: from now on it is an alert of its own, and the two are never merged again. Fails
   * with `ALERT_NOT_FOUND`, `ALERT_MERGED` when it is no part of it, `ALERT_STALE`.
   */
  async unmerge(id: string, actor: Actor, { part, version }: Decided & { readonly part: string }): Promise<Alert> {
    const { taken, from } = await this.#records.decide(async (tx) => {
      const from = seenBy(actor, id, await this.#records.byId(id, tx));
      const child = seenBy(actor, part, await this.#records.byId(part, tx));
      if (version !== undefined && version !== from.alert.version)
        throw new AlertStaleError(id, version, from.alert.version);
      return await separate({ records: this.#records, tx, actor }, { from, child, dueMs: this.#limits.acknowledgeMs });
    });
    for (const { key, alert } of [from, taken]) this.#know(key, alert);
    return from.alert;
  }

  async get(id: string, actor: Actor = systemActor): Promise<Alert> {
    return seenBy(actor, id, await this.#records.byId(id)).alert;
  }

  /** The alert as somebody's transaction has it. Fails with `ALERT_NOT_FOUND`, `ALERT_STALE`, and `ALERT_MERGED` for a part of another. */
  async standing(tx: Tx, id: string, { actor, version }: Decided & { readonly actor: Actor }): Promise<Alert> {
    const { alert } = seenBy(actor, id, await this.#records.byId(id, tx));
    if (version !== undefined && version !== alert.version) throw new AlertStaleError(id, version, alert.version);
    if (alert.mergedInto !== undefined) throw new AlertMergedError(id, alert.mergedInto);
    return alert;
  }

  /**
   * Within somebody's transaction: the actor takes the alert for an incident; `told` is to be called once that is
   * committed. Fails with `ALERT_NOT_FOUND`, `ALERT_MOVE_REFUSED` once it is dismissed, `ALERT_HAS_INCIDENT`.
   */
  async takeFor(tx: Tx, id: string, { actor, incident }: TakingFor): Promise<{ readonly told: () => void }> {
    const { key, alert: from } = seenBy(actor, id, await this.#records.byId(id, tx));
    if (from.mergedInto !== undefined) throw new AlertMergedError(id, from.mergedInto);
    if (from.incident !== undefined && from.incident !== incident) throw new AlertHasIncidentError(id, from.incident);
    const now = new Date();
    const state = takenState(stateOf(from), { id: actor.id, name: actor.name, at: now.toISOString() });
    if (from.incident === incident && state.state === from.state) return { told: () => {} };
    const make = (seq: number) => ({ ...movedAlert(from, state, { ...this.#limits, seq, now }), incident });
    const deed = { actor, action: 'alert.incident', details: { incident } };
    const alert = await this.#records.change(tx, { from, make, deed });
    return { told: () => this.#know(key, alert) };
  }

  /** Newest first; only what the actor may see. */
  async list(query: AlertQuery = {}, actor: Actor = systemActor): Promise<AlertPage> {
    const filter = filterOf(query, actor);
    const rows = await listAlerts(this.#store.db, filter);
    const items = rows.flatMap((row) => parsed(row)?.alert ?? []);
    const last = items.at(-1);
    return items.length === filter.limit && last ? { items, next: last.id } : { items };
  }

  /** What still waits for a decision, newest first, at most 1000: the snapshot of a seat. */
  async open(actor: Actor = systemActor): Promise<Alert[]> {
    return (await this.list({ state: ['raised', 'acknowledged'], limit: largestPage }, actor)).items;
  }

  /** All that was done with it, oldest first: its rows of the ledger. */
  async timeline(id: string, actor: Actor): Promise<AlertTimelineEntry[]> {
    await this.get(id, actor);
    return (await ledgerOf(this.#store.db, id, largestPage)).map(alertTimelineEntry);
  }

  /** JPEG. Fails with `ALERT_NOT_FOUND` or `SNAPSHOT_NOT_FOUND`. */
  async snapshot(id: string, actor: Actor = systemActor): Promise<Uint8Array> {
    const { pictureOf = id } = await this.get(id, actor);
    const jpeg = await snapshotOf(this.#store.db, pictureOf);
    if (!jpeg) throw new SnapshotNotFoundError(id);
    return jpeg;
  }

  /** What it was raised from. Fails with `ALERT_NOT_FOUND` or `TRACE_NOT_FOUND`. */
  async trace(id: string, actor: Actor = systemActor): Promise<Trace> {
    await this.get(id, actor);
    const kept = await alertTraceOf(this.#store.db, id);
    if (!kept) throw new TraceNotFoundError(id);
    return await unpackTrace(kept);
  }

  /** Waits for what is being stored; the store itself is closed by who opened it. */
  async close(): Promise<void> {
    await this.#intake.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #move(id: string, actor: Actor, { version, ...intent }: Intent): Promise<Alert> {
    const { key, alert, moved } = await this.#records.decide(async (tx) => {
      const { key, alert: from } = seenBy(actor, id, await this.#records.byId(id, tx));
      if (from.mergedInto !== undefined) throw new AlertMergedError(id, from.mergedInto);
      const now = new Date();
      const state = stateOf(from);
      const next = nextState(state, signed(intent, from, { id: actor.id, name: actor.name, at: now.toISOString() }));
      if (next === state) return { key, alert: from, moved: false };
      if (version !== undefined && version !== from.version) throw new AlertStaleError(id, version, from.version);
      const make = (seq: number) => movedAlert(from, next, { ...this.#limits, seq, now });
      const details = intent.type === 'assign' ? { to: intent.to.name } : intent;
      const deed = { actor, action: `alert.${intent.type}`, details };
      return { key, alert: await this.#records.change(tx, { from, make, deed }), moved: true };
    });
    if (moved) this.#know(key, alert);
    return alert;
  }

  #know(key: string, alert: Alert): void {
    this.#intake.know(key, alert);
    this.#tell(alert);
  }

  #tell(alert: Alert): void {
    this.emit(alert.silenced === undefined ? 'changed' : 'silenced', alert);
  }
}

/** What becomes of an alert without a move of its own, and who did it. */
export type Amendment = (alert: Alert) => Omit<Change, 'from'> | undefined;

export interface Amended {
  readonly alert: Alert;
  readonly told: () => void;
}

/** Who takes an alert, and for which incident. */
export interface TakingFor {
  readonly actor: Actor;
  readonly incident: string;
}

/** A move before it is signed. */
type Intent = Decided &
  (
    | { readonly type: 'acknowledge' | 'release' | 'confirm' }
    | { readonly type: 'dismiss'; readonly reason: string }
    | { readonly type: 'assign'; readonly to: SeatAccount }
    | { readonly type: 'snooze'; readonly until: string }
  );

/** What an incident is made of is put off there, and nobody is given what they may not see. */
function signed(intent: Intent, { id, area, incident }: Alert, by: Signature): AlertMove {
  if (intent.type === 'snooze' && incident !== undefined) throw new AlertHasIncidentError(id, incident);
  if (intent.type !== 'assign') return { ...intent, by };
  const { to } = intent;
  if (!hasArea(to, area)) throw new SeatNotFoundError(to.name);
  return { type: 'assign', by, to: { id: to.id, name: to.name, at: by.at } };
}

/** Another area's alert does not exist for the actor. */
function seenBy(actor: Actor, id: string, found: KeyedAlert | undefined): KeyedAlert {
  if (!found || !maySee(actor, found.alert.area)) throw new AlertNotFoundError(id);
  return found;
}
