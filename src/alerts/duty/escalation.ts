import { type Alert, type Escalation, outranks } from '../alert.ts';
import type { DeskLimits } from '../desk-limits.ts';
import { hasArea, type SeatAccount } from './seats.ts';

export type EscalationPolicy = Pick<DeskLimits, 'escalateFrom' | 'superviseMs'>;

/** When the desk comes back to an alert by itself: nobody has taken it by then, or it was put off until then. */
export function wakeAtOf(alert: Alert, { escalateFrom }: EscalationPolicy): string | undefined {
  const { state, severity, silenced, mergedInto, snoozedUntil, escalation, dueAt } = alert;
  if (mergedInto !== undefined || silenced !== undefined) return undefined;
  if (state === 'acknowledged') return snoozedUntil;
  if (state !== 'raised' || escalateFrom === undefined || outranks(escalateFrom, severity)) return undefined;
  return escalation ? escalation.nextAt : dueAt;
}

export interface Asking {
  readonly now: Date;
  /** Seats at work, the one that was asked the longest time ago first. */
  readonly online: readonly SeatAccount[];
  readonly supervisors: readonly SeatAccount[];
  readonly superviseMs: number;
}

/** Who is asked next to take the alert: a seat of its area, then those above; these at once where no seat is at work. */
export function nextEscalation(alert: Alert, { now, online, supervisors, superviseMs }: Asking): Escalation {
  const asked = alert.escalation?.asked ?? [];
  const sign = ({ id, name }: SeatAccount) => ({ id, name, at: now.toISOString() });
  const next = alert.escalation ? undefined : online.find((seat) => hasArea(seat, alert.area));
  if (next) {
    const nextAt = new Date(now.getTime() + superviseMs).toISOString();
    return { step: 'seat', asked: [sign(next)], nextAt };
  }
  const above = supervisors.filter((one) => hasArea(one, alert.area));
  return { step: 'supervisor', asked: [...asked, ...above.map(sign)] };
}
