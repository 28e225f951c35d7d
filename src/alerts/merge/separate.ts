import type { Actor } from '../../shared/actor.ts';
import type { Tx } from '../../store/store.ts';
import { AlertMergedError } from '../alert-errors.ts';
import type { AlertRecords, KeyedAlert } from '../alert-records.ts';
import { separatedAlert, withoutPart } from './merged-alert.ts';

interface Separation {
  /** The whole, and the part that leaves it. */
  readonly from: KeyedAlert;
  readonly child: KeyedAlert;
  /** How long somebody has to acknowledge the part. */
  readonly dueMs: number;
}

interface Separated {
  readonly from: KeyedAlert;
  readonly taken: KeyedAlert;
}

/** Takes a part out of its alert: two rows, two events, two rows of the ledger. Fails with `ALERT_MERGED`. */
export async function separate(
  { records, tx, actor }: { records: AlertRecords; tx: Tx; actor: Actor },
  { from, child, dueMs }: Separation,
): Promise<Separated> {
  if (child.alert.mergedInto !== from.alert.id) throw new AlertMergedError(child.alert.id, undefined);
  const [whole, part] = [from.alert, child.alert];
  const dueAt = new Date(Date.now() + dueMs).toISOString();
  const remaining = await records.change(tx, {
    from: whole,
    make: (seq) => withoutPart(whole, part.id, { key: child.key, seq }),
    deed: { actor, action: 'alert.unmerge', details: { part: part.id } },
  });
  const taken = await records.change(tx, {
    from: part,
    make: (seq) => separatedAlert(part, { key: from.key, seq, dueAt }),
    deed: { actor, action: 'alert.unmerge', details: { from: whole.id } },
  });
  return { from: { key: from.key, alert: remaining }, taken: { key: child.key, alert: taken } };
}
