import type { AssignmentState, AssignmentView } from '../api/incident-shapes.ts';

/** What a patrol does with its assignment; `report` is a picture, after which the work can be completed. */
export type DutyStep = 'accept' | 'arrive' | 'report' | 'complete';
export type SentStep = 'accept' | 'arrive' | 'complete' | 'decline';

const leadsTo: Readonly<Record<SentStep, AssignmentState>> = {
  accept: 'accepted',
  arrive: 'arrived',
  complete: 'completed',
  decline: 'declined',
};

/** The assignment as the patrol has made it, also where the server has not heard of it yet. */
export function dutyState({ state }: Pick<AssignmentView, 'state'>, unsent: readonly SentStep[]): AssignmentState {
  const last = unsent.at(-1);
  return last === undefined ? state : leadsTo[last];
}

/** The one primary button; undefined when there is nothing more to do. */
export function nextStep(state: AssignmentState, reported: boolean): DutyStep | undefined {
  if (state === 'dispatched') return 'accept';
  if (state === 'accepted') return 'arrive';
  if (state === 'arrived') return reported ? 'complete' : 'report';
  return undefined;
}

/** How long an answer holds: told of changes, only the way grows old while it is driven. */
export function askAfterMs(hears: boolean, state: AssignmentState | undefined): number {
  if (!hears) return 4_000;
  return state === 'dispatched' || state === 'accepted' ? 16_000 : 60_000;
}

/** A wet screen touches twice: the second within this is none. */
const deafMs = 600;

export class TouchGuard {
  #heardAt = Number.NEGATIVE_INFINITY;

  hears(now: number): boolean {
    if (now - this.#heardAt < deafMs) return false;
    this.#heardAt = now;
    return true;
  }
}
