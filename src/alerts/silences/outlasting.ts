import { systemActor } from '../../shared/actor.ts';
import { outlastingAlerts } from '../../store/silences-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Alert } from '../alert.ts';
import type { Deed } from '../alert-records.ts';
import type { AlertDesk } from '../desk.ts';

const bite = 50;

interface Outlasting {
  readonly store: Store;
  readonly desk: AlertDesk;
  readonly acknowledgeMs: number;
}

/** Lets what goes on although its silence has ended ring, a bite each time. */
export async function ringOutlasting({ store, desk, acknowledgeMs }: Outlasting, now: Date): Promise<void> {
  for (const { id: silence } of await desk.silences.ending(now)) {
    const going = await outlastingAlerts(store.db, silence, bite);
    const due = { now, acknowledgeMs };
    for (const id of going)
      await desk.amend(id, (alert) =>
        alert.silenced === silence && alert.state === 'raised' && alert.endedAt === undefined
          ? { make: (seq) => aloud(alert, { ...due, seq }), deed: deedOf(silence) }
          : undefined,
      );
    if (going.length < bite) await desk.silences.settled(silence);
  }
}

const deedOf = (silence: string): Deed => ({ actor: systemActor, action: 'alert.unsilence', details: { silence } });

/** The alert as if it was new: it rings, and somebody has as long to take it. */
export function aloud(
  { silenced: _, ...alert }: Alert,
  { seq, now, acknowledgeMs }: { seq: number; now: Date; acknowledgeMs: number },
): Alert {
  const dueAt = new Date(now.getTime() + acknowledgeMs).toISOString();
  return { ...alert, seq, version: alert.version + 1, dueAt };
}
