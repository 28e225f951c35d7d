import { type Incident, type PressStage, pressStages } from './incident.ts';
import type { ClockMove, Deadline } from './incident-move.ts';
import { planMs } from './incident-plan.ts';

/** What is due of an incident, and when. */
export interface Press {
  readonly stage: PressStage;
  readonly at: Date;
}

/** A reminder comes this share of the whole time before the deadline, ... */
const remindShare = 0.25;
/** ... and never earlier than this. */
const mostRemindMs = 86_400_000;

export function deadlineAt(from: Date, due: Date): Deadline {
  const lead = Math.min(mostRemindMs, Math.max(0, due.getTime() - from.getTime()) * remindShare);
  return { dueAt: due.toISOString(), remindAt: new Date(due.getTime() - lead).toISOString() };
}

/** Every stage that is still to come, in order; none once somebody has handled it. */
export function pressesOf(incident: Incident, superviseMs: number): Press[] {
  const { dueAt, remindAt, pressed, handledBy, closedBy } = incident;
  if (dueAt === undefined || remindAt === undefined || handledBy || closedBy) return [];
  const times = {
    remind: new Date(remindAt),
    escalate: new Date(dueAt),
    demand: new Date(Date.parse(dueAt) + (planMs(incident, 'supervise') ?? superviseMs)),
  };
  const done = pressed === undefined ? -1 : pressStages.indexOf(pressed);
  return pressStages.slice(done + 1).map((stage) => ({ stage, at: times[stage] }));
}

/** The furthest stage whose time has come: after a night switched off nobody is reminded of what is overdue. */
export function pressDue(
  incident: Incident,
  { now, superviseMs }: { now: Date; superviseMs: number },
): PressStage | undefined {
  return pressesOf(incident, superviseMs).findLast(({ at }) => at <= now)?.stage;
}

/** Assignments for which somebody else has to go: the unit should have accepted by now, or has said that it does not. */
export function lateAt(incident: Incident, now: Date): string[] {
  return unanswered(incident)
    .filter(({ at }) => at <= now)
    .map(({ id }) => id);
}

/** Since when, or from when on, somebody else should go; none once it is handled. */
function unanswered({ assignments, handledBy, closedBy }: Incident): { readonly id: string; readonly at: Date }[] {
  if (handledBy || closedBy) return [];
  return assignments.flatMap(({ id, state, late, acceptBy, times }) => {
    if (late) return [];
    if (state === 'dispatched') return [{ id, at: new Date(acceptBy) }];
    return state === 'declined' ? [{ id, at: new Date(times.declined ?? acceptBy) }] : [];
  });
}

/** When the clock has something to do with it next. */
export function wakeAt(incident: Incident, superviseMs: number): Date | undefined {
  const [press] = pressesOf(incident, superviseMs);
  const waiting = unanswered(incident).map(({ at }) => at.getTime());
  const times = [...waiting, ...(press ? [press.at.getTime()] : [])];
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The incident after the clock. */
export function clockMoved(incident: Incident, move: ClockMove): Incident {
  if (move.type === 'press') {
    const escalations = incident.escalations + Number(move.stage !== 'remind');
    return { ...incident, pressed: move.stage, escalations };
  }
  const { proposal: _, ...rest } = incident;
  const assignments = incident.assignments.map((one) =>
    move.late.includes(one.id) ? { ...one, late: true as const } : one,
  );
  return { ...rest, assignments, ...(move.candidate && { proposal: move.candidate }) };
}
