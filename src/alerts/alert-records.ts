import type { Actor } from '../shared/actor.ts';
import { systemActor } from '../shared/actor.ts';
import {
  type AlertRow,
  alertById,
  insertAlert,
  insertSnapshot,
  latestByKey,
  listAlerts,
  updateAlert,
} from '../store/alerts-repository.ts';
import { appendEvent, nextSeq } from '../store/events-repository.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import type { Queries, Store, Tx } from '../store/store.ts';
import type { Alert } from './alert.ts';
import { AlertContendedError } from './alert-errors.ts';
import { type EscalationPolicy, wakeAtOf } from './duty/escalation.ts';

/** What of a change goes into the ledger beside the alert itself. */
export interface Deed {
  readonly actor: Actor;
  readonly action: string;
  readonly details?: object;
}

export interface KeyedAlert {
  readonly key: string;
  readonly alert: Alert;
}

/** Every change of an alert in one transaction: the row on its version, the event with its `seq`, the ledger row. */
export class AlertRecords {
  readonly #store: Store;
  readonly #policy: EscalationPolicy;

  constructor(store: Store, policy: EscalationPolicy) {
    this.#store = store;
    this.#policy = policy;
  }

  /** What is still open, newest first, at most so many. */
  async open(limit: number): Promise<KeyedAlert[]> {
    const rows = await listAlerts(this.#store.db, { states: ['raised', 'acknowledged'], areas: 'all', limit });
    return rows.flatMap((row) => parsed(row) ?? []);
  }

  /** The newest of the key. */
  async latest(key: string, db: Queries = this.#store.db): Promise<Alert | undefined> {
    return parsed(await latestByKey(db, key))?.alert;
  }

  async byId(id: string, db: Queries = this.#store.db): Promise<KeyedAlert | undefined> {
    return parsed(await alertById(db, id));
  }

  /** Stores a new alert. */
  raise({ key, make, snapshot }: Raise): Promise<Alert> {
    return this.#store.transaction(async (tx) => {
      const raised = this.#timed(make(await nextSeq(tx)));
      await insertAlert(tx, key, raised);
      if (snapshot) await insertSnapshot(tx, raised.id, snapshot);
      await tell(tx, raised);
      await record(tx, raised, { actor: systemActor, action: 'alert.raise' });
      return raised;
    });
  }

  /** Stores what became of an alert without anybody's doing: seen again, or ended. */
  refresh(change: Change, snapshot?: Uint8Array): Promise<Alert> {
    return this.#store.transaction(async (tx) => {
      const alert = await this.change(tx, change);
      if (snapshot) await insertSnapshot(tx, alert.id, snapshot);
      return alert;
    });
  }

  /** Runs a decision about one alert on what the database holds at that moment. */
  decide<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#store.transaction(work);
  }

  /** The conditional update and its event; with a deed also its ledger row. Fails with `ALERT_CONTENDED`. */
  async change(tx: Tx, { from, make, deed }: Change): Promise<Alert> {
    const alert = this.#timed(make(await nextSeq(tx)));
    if (!(await updateAlert(tx, alert, from.version))) throw new AlertContendedError(from.id);
    await tell(tx, alert);
    if (deed) await record(tx, alert, deed);
    return alert;
  }

  #timed({ wakeAt: _, ...alert }: Alert): Alert {
    const wakeAt = wakeAtOf(alert, this.#policy);
    return { ...alert, ...(wakeAt !== undefined && { wakeAt }) };
  }
}

export interface Raise {
  readonly key: string;
  readonly make: (seq: number) => Alert;
  readonly snapshot?: Uint8Array | undefined;
}

/** From an alert as it was read to what it becomes under the next event number. */
export interface Change {
  readonly from: Alert;
  readonly make: (seq: number) => Alert;
  readonly deed?: Deed;
}

/** Rows are written by this slice alone, from alerts. */
export function parsed(row: AlertRow | undefined): KeyedAlert | undefined {
  if (!row) return undefined;
  const alert: Alert = JSON.parse(row.data);
  return { key: row.key, alert };
}

/** The event that carries the alert, which has its number already. No seat is told of what is silenced. */
export async function tell(tx: Tx, alert: Alert): Promise<void> {
  const topic = alert.silenced === undefined ? 'alerts' : 'silenced';
  await appendEvent(tx, { topic, subject: alert.id, data: alert });
}

async function record(tx: Tx, alert: Alert, { actor, action, details }: Deed): Promise<void> {
  const { id, kind, severity, state, version } = alert;
  const facts = { kind, severity, state, version, ...details };
  await appendLedger(tx, { actor, action, object: id, result: 'ok', details: facts });
}
