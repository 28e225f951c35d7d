/** What the server's JSON of the closed loop looks like. Times are RFC 3339 in UTC. */
import type { Reason, RoadPlace, Severity } from './shapes.ts';

export const incidentStates = [
  'received',
  'assigned',
  'dispatched',
  'accepted',
  'on_scene',
  'handled',
  'verified',
  'closed',
] as const;
export type IncidentState = (typeof incidentStates)[number];
export const incidentSources = ['call-110', 'hotline', 'grid', 'patrol', 'seat', 'alert'] as const;
export type IncidentSource = (typeof incidentSources)[number];

export type AssignmentState = 'dispatched' | 'accepted' | 'arrived' | 'completed' | 'declined' | 'recalled';
export type AssignmentMoment = AssignmentState | 'delivered' | 'read';

export interface Assignment {
  readonly id: string;
  readonly unit: string;
  readonly state: AssignmentState;
  readonly by: string;
  readonly at: string;
  readonly acceptBy: string;
  readonly late?: true;
  readonly reason?: string;
  readonly times: { readonly [M in AssignmentMoment]?: string };
}

export interface Candidate {
  readonly unit: string;
  readonly etaSeconds?: number;
  readonly distanceMeters?: number;
  readonly by?: 'road' | 'straight';
  readonly reasons: readonly Reason[];
  /** Why it is not to be sent. */
  readonly rejected?: string;
  readonly route?: { readonly type: 'LineString'; readonly coordinates: number[][] };
}

export interface SignedBy {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}

export interface Remark {
  readonly by: string;
  readonly at: string;
  readonly text: string;
  readonly unit?: string;
}

export interface Similar {
  readonly id: string;
  readonly title: string;
  readonly distanceMeters: number;
  readonly seconds: number;
}

/** Minutes; what a plan leaves out is the house's own. */
export type PlanDeadlines = { readonly [D in 'acknowledge' | 'handle' | 'report' | 'supervise']?: number };

export interface Incident extends RoadPlace {
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly source: IncidentSource;
  readonly kind: string;
  readonly severity: Severity;
  readonly state: IncidentState;
  readonly title: string;
  readonly text?: string;
  readonly at: string;
  readonly place?: string;
  readonly owner?: string;
  readonly reference?: string;
  readonly alerts: readonly string[];
  readonly reasons: readonly Reason[];
  readonly similar?: readonly Similar[];
  readonly department?: string;
  readonly joint?: readonly string[];
  readonly review?: readonly string[];
  readonly plan?: { readonly id: string; readonly name: string; readonly deadlines: PlanDeadlines };
  readonly dueAt?: string;
  readonly pressed?: 'remind' | 'escalate' | 'demand';
  readonly escalations: number;
  readonly explanations: readonly Remark[];
  readonly assignments: readonly Assignment[];
  readonly proposal?: Candidate;
  readonly feedback: readonly Remark[];
  readonly photos: readonly string[];
  readonly handledBy?: SignedBy;
  readonly verifiedBy?: SignedBy;
  readonly closedBy?: SignedBy;
  readonly closeReason?: string;
  readonly reopened: number;
  readonly mergedInto?: string;
  readonly mergedFrom: readonly string[];
  readonly times: { readonly [S in IncidentState]?: string };
}

/** An assignment with what its unit has to know. */
export interface AssignmentView extends Assignment, RoadPlace {
  readonly incident: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly text?: string;
  readonly place?: string;
  /** From where the unit was last; told to its patrol until it has arrived. */
  readonly way?: UnitWay;
}

export interface UnitWay {
  readonly etaSeconds: number;
  readonly distanceMeters: number;
  /** `straight`: no road is near. */
  readonly by: 'road' | 'straight';
  readonly route?: { readonly type: 'LineString'; readonly coordinates: number[][] };
}

export interface PlanStep {
  readonly id: string;
  readonly text: string;
  readonly automatic: boolean;
  readonly dueAt?: string;
  /** `due` waits for the house to do it. */
  readonly state: 'open' | 'due' | 'started' | 'done' | 'failed';
  /** When it came to this state, and by whom. */
  readonly at?: string;
  readonly by?: string;
  readonly note?: string;
}

export interface PlanView {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly steps: readonly PlanStep[];
}

export interface TimelineEntry {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly version: number;
  readonly state: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The unit is bound by it. */
export function isBinding({ state }: Pick<Assignment, 'state'>): boolean {
  return state === 'dispatched' || state === 'accepted' || state === 'arrived';
}
