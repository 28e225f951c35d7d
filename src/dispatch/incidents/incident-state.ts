import { isOpen } from './assignment-state.ts';
import { clockMoved } from './clock-moves.ts';
import { deskMoved } from './desk-moves.ts';
import { type Incident, type IncidentStateName, incidentStates } from './incident.ts';
import { IncidentMoveError } from './incident-errors.ts';
import type { IncidentMove, Mover } from './incident-move.ts';
import { joiningMoved } from './joining-moves.ts';
import { unitMoved } from './unit-moves.ts';

const underWay: readonly IncidentStateName[] = ['dispatched', 'accepted', 'on_scene'];
const unhandled: readonly IncidentStateName[] = ['received', 'assigned', ...underWay];
const unclosed = incidentStates.filter((state) => state !== 'closed');

/** In which states each move may be made; what it leads to follows from the facts it changes. */
export const allowedIn: Readonly<Record<IncidentMove['type'], readonly IncidentStateName[]>> = {
  assign: unhandled,
  review: ['received'],
  joint: unhandled,
  dispatch: unhandled,
  accept: underWay,
  arrive: underWay,
  complete: underWay,
  decline: underWay,
  recall: underWay,
  receipt: incidentStates,
  feedback: ['assigned', 'on_scene'],
  verify: ['handled'],
  close: ['received', 'assigned', 'verified'],
  reopen: ['handled', 'verified', 'closed'],
  escalate: unclosed,
  explain: unclosed,
  photo: unclosed,
  plan: unhandled,
  merge: ['received', 'assigned'],
  absorb: unclosed,
  split: ['closed'],
  release: unclosed,
  press: unhandled,
  propose: unhandled,
};

/**
 * Where the move leads. The very same object comes back when it has been made already (a repeated request), so that
 * nothing is written twice. Fails with `INCIDENT_MOVE_REFUSED`, `ASSIGNMENT_MOVE_REFUSED`, `REASON_NEEDED`, `INCIDENT_FULL`.
 */
export function nextIncident(incident: Incident, move: IncidentMove, by: Mover): Incident {
  const repeated = isRepeated(incident, move, by);
  if (repeated) return incident;
  if (!allowedIn[move.type].includes(incident.state)) throw new IncidentMoveError(move.type, incident.state);
  const moved = change(incident, move, by);
  return moved === incident ? incident : settled(moved, by.at);
}

/** The state is never written but from the facts: one that contradicts them cannot exist. */
export function stateNameOf(facts: Omit<Incident, 'state'>): IncidentStateName {
  if (facts.closedBy) return 'closed';
  if (facts.verifiedBy) return 'verified';
  if (facts.handledBy) return 'handled';
  const open = facts.assignments.filter(isOpen).map(({ state }) => state);
  if (open.includes('arrived')) return 'on_scene';
  if (open.includes('accepted')) return 'accepted';
  if (open.includes('dispatched')) return 'dispatched';
  return facts.department === undefined ? 'received' : 'assigned';
}

/** The incident with the state that follows from its facts, and when it first came to it. */
export function settled(facts: Incident, at: string): Incident {
  const state = stateNameOf(facts);
  return { ...facts, state, times: { ...facts.times, [state]: facts.times[state] ?? at } };
}

function change(incident: Incident, move: IncidentMove, by: Mover): Incident {
  switch (move.type) {
    case 'dispatch':
    case 'accept':
    case 'arrive':
    case 'complete':
    case 'decline':
    case 'recall':
    case 'receipt':
      return unitMoved(incident, move, by);
    case 'press':
    case 'propose':
      return clockMoved(incident, move);
    case 'merge':
    case 'absorb':
    case 'split':
    case 'release':
      return joiningMoved(incident, move, by);
    default:
      return deskMoved(incident, move, by);
  }
}

/** The same decision of the same person once more. */
function isRepeated(incident: Incident, move: IncidentMove, { id }: Mover): boolean {
  switch (move.type) {
    case 'verify':
      return incident.state === 'verified' && incident.verifiedBy?.id === id;
    case 'close':
      return incident.state === 'closed' && incident.mergedInto === undefined && incident.closedBy?.id === id;
    case 'merge':
      return incident.mergedInto === move.into;
    case 'absorb':
      return incident.mergedFrom.includes(move.part.id);
    case 'accept':
    case 'arrive':
    case 'complete':
    case 'decline':
    case 'recall':
      return isStepMade(incident, move.type, move.assignment);
    default:
      return false;
  }
}

const madeBy = {
  accept: 'accepted',
  arrive: 'arrived',
  complete: 'completed',
  decline: 'declined',
  recall: 'recalled',
} as const;

function isStepMade({ assignments }: Incident, step: keyof typeof madeBy, id: string): boolean {
  return assignments.some((assignment) => assignment.id === id && assignment.state === madeBy[step]);
}
