import { systemActor } from '../../shared/actor.ts';
import { insertAlert, insertSnapshot, updateAlert } from '../../store/alerts-repository.ts';
import { nextSeq } from '../../store/events-repository.ts';
import type { Tx } from '../../store/store.ts';
import type { Alert, MergeCause } from '../alert.ts';
import { AlertContendedError } from '../alert-errors.ts';
import { type AlertRecords, type Change, type KeyedAlert, tell } from '../alert-records.ts';
import { mergedAlert } from './merged-alert.ts';

export interface Merging {
  readonly key: string;
  /** What the observation would have raised by itself. */
  readonly make: (seq: number) => Alert;
  readonly snapshot?: Uint8Array | undefined;
  /** The alert it is part of. */
  readonly into: string;
  readonly because: MergeCause;
}

export interface PartChange {
  readonly from: Alert;
  readonly make: (seq: number) => Alert;
  readonly snapshot?: Uint8Array | undefined;
  /** What that makes of the alert it is part of. */
  readonly retell: (whole: Alert, child: Alert) => Change;
}

export interface Merged {
  readonly child: Alert;
  /** Left out when the part has become an alert of its own. */
  readonly target?: KeyedAlert;
}

/** Changes of an alert that is part of another one: both rows or none, and one event, of the alert that is shown. */
export class MergeRecords {
  readonly #records: AlertRecords;

  constructor(records: AlertRecords) {
    this.#records = records;
  }

  /** Undefined, and nothing stored, when the alert has been closed or has ended in the meantime. */
  merge({ key, make, snapshot, into, because }: Merging): Promise<Required<Merged> | undefined> {
    return this.#records.decide(async (tx) => {
      const found = await this.#records.byId(into, tx);
      if (!found || found.alert.endedAt !== undefined || found.alert.closedBy || found.alert.mergedInto)
        return undefined;
      const { dueAt: _due, ...raised } = make(await nextSeq(tx));
      const child = { ...raised, mergedInto: into };
      await insertAlert(tx, key, child);
      if (snapshot) await insertSnapshot(tx, child.id, snapshot);
      const details = { part: child.id, ...because };
      const alert = await this.#records.change(tx, {
        from: found.alert,
        make: (seq) => mergedAlert(found.alert, child, { because, seq }),
        deed: { actor: systemActor, action: 'alert.merge', details },
      });
      return { child, target: { key: found.key, alert } };
    });
  }

  /** Fails with `ALERT_CONTENDED`. */
  change({ from, make, snapshot, retell }: PartChange): Promise<Merged> {
    return this.#records.decide(async (tx) => {
      const part = make(await nextSeq(tx));
      const target = await this.#targetOf(tx, part);
      const child = target ? part : withoutTarget(part);
      if (!(await updateAlert(tx, child, from.version))) throw new AlertContendedError(from.id);
      if (snapshot) await insertSnapshot(tx, child.id, snapshot);
      if (!target) await tell(tx, child);
      if (!target) return { child };
      const alert = await this.#records.change(tx, retell(target.alert, child));
      return { child, target: { key: target.key, alert } };
    });
  }

  /** Undefined when another alert has taken its place since: what is over is not begun again beside it. */
  async #targetOf(tx: Tx, { mergedInto = '' }: Alert): Promise<KeyedAlert | undefined> {
    const target = await this.#records.byId(mergedInto, tx);
    if (!target || target.alert.endedAt === undefined) return target;
    const latest = await this.#records.latest(target.key, tx);
    return latest?.id === target.alert.id ? target : undefined;
  }
}

function withoutTarget({ mergedInto: _into, ...alone }: Alert): Alert {
  return alone;
}
