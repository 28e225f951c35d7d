import type { Assignment } from './assignment.ts';
import { isOpen, nextAssignment, receipted } from './assignment-state.ts';
import { type Incident, incidentLimits } from './incident.ts';
import { AssignmentNotFoundError, IncidentFullError, UnitBusyError } from './incident-errors.ts';
import type { Mover, UnitMove } from './incident-move.ts';
import { withRemark } from './with-remark.ts';

/** The incident after something a unit does, or has done to it. */
export function unitMoved(incident: Incident, move: UnitMove, by: Mover): Incident {
  if (move.type === 'dispatch') return dispatched(incident, move.assignment);
  const before = incident.assignments.find(({ id }) => id === move.assignment);
  if (!before) throw new AssignmentNotFoundError(move.assignment);
  if (move.type === 'receipt') return ended(replaced(incident, before, receipted(before, move.receipt)), before, by);
  const { type, reason, text } = move;
  const moved = replaced(incident, before, nextAssignment(before, { type, at: by.at, reason }));
  const remarked = text === undefined ? moved : withRemark(moved, 'feedback', { text, by, unit: before.unit });
  return ended(remarked, before, by);
}

/** Whoever speaks for a unit ends its own assignment; a seat that reports ends all of them. */
export function workEnded(incident: Incident, by: Mover): Incident {
  const own = incident.assignments.filter((one) => isOpen(one) && (by.unit === undefined || one.unit === by.unit));
  const completed = own.reduce((now, one) => replaced(now, one, completedFrom(one, by.at)), incident);
  return isIdle(completed) ? { ...completed, handledBy: signatureOf(by) } : completed;
}

/** A seat may report for a unit that never said that it had arrived. */
function completedFrom(assignment: Assignment, at: string): Assignment {
  return nextAssignment(nextAssignment(assignment, { type: 'arrive', at }), { type: 'complete', at });
}

function dispatched(incident: Incident, assignment: Assignment): Incident {
  const { assignments } = incident;
  if (assignments.some((one) => isOpen(one) && one.unit === assignment.unit)) throw new UnitBusyError(assignment.unit);
  const most = incidentLimits.assignments;
  if (assignments.length >= most) throw new IncidentFullError('assignments', most);
  const { proposal: _, ...rest } = incident;
  return { ...rest, assignments: [...assignments, assignment] };
}

/** With the last unit that has completed its work the incident is handled; a refusal or a recall handles nothing. */
function ended(incident: Incident, before: Assignment, by: Mover): Incident {
  const after = incident.assignments.find(({ id }) => id === before.id);
  if (after === before || after?.state !== 'completed' || !isIdle(incident)) return incident;
  return { ...incident, handledBy: signatureOf(by) };
}

function replaced(incident: Incident, before: Assignment, after: Assignment): Incident {
  if (after === before) return incident;
  const { proposal, ...rest } = incident;
  const isGoing = after.state === 'accepted' || after.state === 'arrived';
  const assignments = incident.assignments.map((one) => (one.id === before.id ? after : one));
  return { ...rest, ...(proposal && !isGoing && { proposal }), assignments };
}

/** No unit is bound by it. */
export const isIdle = ({ assignments }: Pick<Incident, 'assignments'>) => !assignments.some(isOpen);

export const signatureOf = ({ id, name, at }: Mover) => ({ id, name, at });
