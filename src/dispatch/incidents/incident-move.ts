import type { Reason } from '../../shared/reason.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { Assignment } from './assignment.ts';
import type { AssignmentReceipt, StepName } from './assignment-state.ts';
import type { Incident, PressStage, Severity, Signature } from './incident.ts';
import type { IncidentPlan } from './incident-plan.ts';

/** By when, and from when on it is said that the time runs out. */
export interface Deadline {
  readonly dueAt: string;
  readonly remindAt: string;
}

/** Who moves; of a patrol also the unit it speaks for. */
export interface Mover extends Signature {
  readonly unit?: string | undefined;
}

export type UnitMove =
  | { readonly type: 'dispatch'; readonly assignment: Assignment }
  | {
      readonly type: StepName;
      readonly assignment: string;
      readonly reason?: string | undefined;
      readonly text?: string | undefined;
    }
  | { readonly type: 'receipt'; readonly assignment: string; readonly receipt: AssignmentReceipt };

export type DeskMove =
  | {
      readonly type: 'assign';
      readonly department: string;
      readonly deadline?: Deadline | undefined;
      readonly reason?: string | undefined;
      readonly because?: Reason | undefined;
      /** What the matrix says of how urgent it is. */
      readonly severity?: Severity | undefined;
    }
  | { readonly type: 'review'; readonly departments: readonly string[]; readonly because: Reason }
  | { readonly type: 'joint'; readonly departments: readonly string[] }
  | { readonly type: 'feedback'; readonly text: string }
  | { readonly type: 'verify'; readonly text?: string | undefined }
  | { readonly type: 'close'; readonly reason?: string | undefined }
  | { readonly type: 'reopen'; readonly reason: string; readonly deadline?: Deadline | undefined }
  | { readonly type: 'escalate'; readonly reason: string }
  | { readonly type: 'explain'; readonly reason: string }
  | { readonly type: 'photo'; readonly photo: string }
  | {
      readonly type: 'plan';
      readonly plan: IncidentPlan;
      readonly because: Reason;
      readonly deadline?: Deadline | undefined;
    };

/** Each pair is made together: the part, and what it is part of. */
export type JoiningMove =
  | { readonly type: 'merge'; readonly into: string }
  | { readonly type: 'absorb'; readonly part: Incident }
  | { readonly type: 'split' }
  | { readonly type: 'release'; readonly part: Incident };

export type ClockMove =
  | { readonly type: 'press'; readonly stage: PressStage }
  | { readonly type: 'propose'; readonly late: readonly string[]; readonly candidate?: Candidate | undefined };

export type IncidentMove = UnitMove | DeskMove | JoiningMove | ClockMove;
