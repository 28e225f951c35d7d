import type { ReceiptState } from '../downlink/receipt.ts';
import type { Assignment, AssignmentStateName } from './assignment.ts';
import { AssignmentMoveError } from './incident-errors.ts';

export const stepNames = ['accept', 'arrive', 'complete', 'decline', 'recall'] as const;
export type StepName = (typeof stepNames)[number];

/** What happens to an assignment, and when (RFC 3339). */
export interface AssignmentStep {
  readonly type: StepName;
  readonly at: string;
  readonly reason?: string | undefined;
}

/** What a terminal says of its assignment. */
export interface AssignmentReceipt {
  readonly state: ReceiptState;
  readonly at: string;
}

const steps: Readonly<Record<StepName, { from: readonly AssignmentStateName[]; to: AssignmentStateName }>> = {
  accept: { from: ['dispatched'], to: 'accepted' },
  arrive: { from: ['dispatched', 'accepted'], to: 'arrived' },
  complete: { from: ['arrived'], to: 'completed' },
  decline: { from: ['dispatched', 'accepted'], to: 'declined' },
  recall: { from: ['dispatched', 'accepted', 'arrived'], to: 'recalled' },
};

/** The unit is bound by it. */
export function isOpen({ state }: Pick<Assignment, 'state'>): boolean {
  return state === 'dispatched' || state === 'accepted' || state === 'arrived';
}

/** The very same object comes back when the step has been made already. Fails with `ASSIGNMENT_MOVE_REFUSED`. */
export function nextAssignment(assignment: Assignment, { type, at, reason }: AssignmentStep): Assignment {
  const { from, to } = steps[type];
  if (assignment.state === to) return assignment;
  if (!from.includes(assignment.state)) throw new AssignmentMoveError(type, assignment.state);
  const times = { ...assignment.times, [to]: at };
  return { ...assignment, state: to, times, ...(reason !== undefined && { reason }) };
}

const stepsOfReceipt: Readonly<Record<ReceiptState, readonly StepName[]>> = {
  delivered: [],
  read: [],
  accepted: ['accept'],
  declined: ['decline'],
  arrived: ['arrive'],
  // The receipt of the arrival may have been lost on the way.
  completed: ['arrive', 'complete'],
};

/** A terminal's word never fails: what comes late, twice or after the end leaves the assignment as it is. */
export function receipted(assignment: Assignment, { state, at }: AssignmentReceipt): Assignment {
  if (!isOpen(assignment) || assignment.times[state] !== undefined) return assignment;
  const wanted = stepsOfReceipt[state];
  if (wanted.length === 0) return { ...assignment, times: { ...assignment.times, [state]: at } };
  return wanted.reduce((now, type) => {
    if (!steps[type].from.includes(now.state)) return now;
    return nextAssignment(now, { type, at, ...(type === 'decline' && { reason: '终端拒绝' }) });
  }, assignment);
}
