import { type Static, Type } from 'typebox';
import { GeoPoint } from '../../gis/point.ts';
import { Carriageway } from '../../gis/road-feature.ts';
import { Reason } from '../../shared/reason.ts';
import { Candidate } from '../candidates/candidate.ts';
import { Assignment } from './assignment.ts';
import { IncidentPlan } from './incident-plan.ts';

/** From the first word of it to its end, in order (DESIGN §4). */
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
export const IncidentStateName = Type.Enum([...incidentStates]);
export type IncidentStateName = (typeof incidentStates)[number];

/** Who told us: 110, the hotline, a grid worker, a patrol, a seat itself, or an alert. */
export const incidentSources = ['call-110', 'hotline', 'grid', 'patrol', 'seat', 'alert'] as const;
export const IncidentSource = Type.Enum([...incidentSources]);
export type IncidentSource = (typeof incidentSources)[number];

/** From the least to the most urgent. */
export const severities = ['info', 'minor', 'major', 'critical'] as const;
export const Severity = Type.Enum([...severities]);
export type Severity = (typeof severities)[number];

/** Who did it, and when (RFC 3339). */
export const Signature = Type.Object({ id: Type.String(), name: Type.String(), at: Type.String() });
export type Signature = Readonly<Static<typeof Signature>>;

/** What somebody said of the work, or of why it is late. */
export const Remark = Type.Object({
  by: Type.String(),
  at: Type.String(),
  text: Type.String(),
  unit: Type.Optional(Type.String()),
});
export type Remark = Readonly<Static<typeof Remark>>;

/** Another open incident that may be the same one. */
export const Similar = Type.Object({
  id: Type.String(),
  title: Type.String(),
  distanceMeters: Type.Number(),
  seconds: Type.Number(),
});
export type Similar = Readonly<Static<typeof Similar>>;

/** How hard it has been pressed (督办): reminded before the deadline, escalated at it, asked for a reason after it. */
export const pressStages = ['remind', 'escalate', 'demand'] as const;
export const PressStage = Type.Enum([...pressStages]);
export type PressStage = (typeof pressStages)[number];

const Times = Type.Object(Object.fromEntries(incidentStates.map((state) => [state, Type.Optional(Type.String())])));

/** Where it is; any part may be unknown. */
export const incidentPlace = {
  position: Type.Optional(GeoPoint),
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  carriageway: Type.Optional(Carriageway),
  area: Type.Optional(Type.String()),
  /** In words. */
  place: Type.Optional(Type.String()),
};

/** An incident as the API, the event log and the wall show it; times are RFC 3339 UTC. */
export const Incident = Type.Object({
  id: Type.String(),
  /** Number of the event that made it what it is. */
  seq: Type.Integer(),
  /** Rises by one with every change of this incident. */
  version: Type.Integer(),
  source: IncidentSource,
  kind: Type.String(),
  severity: Severity,
  state: IncidentStateName,
  title: Type.String(),
  text: Type.Optional(Type.String()),
  at: Type.String(),
  ...incidentPlace,
  /** Whose the thing is that is damaged, as far as it is known. */
  owner: Type.Optional(Type.String()),
  /** The unit that calls for help. */
  caller: Type.Optional(Type.String()),
  /** Its number where it comes from. */
  reference: Type.Optional(Type.String()),
  alerts: Type.Array(Type.String()),
  /** Why it is whose it is, and as urgent as it is. */
  reasons: Type.Array(Reason),
  similar: Type.Optional(Type.Array(Similar)),
  /** Whose work it is. */
  department: Type.Optional(Type.String()),
  /** Others that help. */
  joint: Type.Optional(Type.Array(Type.String())),
  /** Departments that the matrix names for it at the same time: people decide between them. */
  review: Type.Optional(Type.Array(Type.String())),
  dueAt: Type.Optional(Type.String()),
  remindAt: Type.Optional(Type.String()),
  pressed: Type.Optional(PressStage),
  escalations: Type.Integer(),
  /** Why it is late, as the department says. */
  explanations: Type.Array(Remark),
  assignments: Type.Array(Assignment),
  plan: Type.Optional(IncidentPlan),
  /** Who could go instead of a unit that does not answer. */
  proposal: Type.Optional(Candidate),
  feedback: Type.Array(Remark),
  /** Ids of pictures. */
  photos: Type.Array(Type.String()),
  handledBy: Type.Optional(Signature),
  verifiedBy: Type.Optional(Signature),
  closedBy: Type.Optional(Signature),
  closeReason: Type.Optional(Type.String()),
  reopened: Type.Integer(),
  mergedInto: Type.Optional(Type.String()),
  mergedFrom: Type.Array(Type.String()),
  /** When it first came to each state, since it was last reopened. */
  times: Type.Unsafe<Readonly<Partial<Record<IncidentStateName, string>>>>(Times),
});
export type Incident = Readonly<Static<typeof Incident>>;

/** What one incident holds at most: nobody reads more, and a row stays small. */
export const incidentLimits = {
  assignments: 50,
  remarks: 100,
  photos: 20,
  alerts: 100,
  joint: 16,
  merged: 100,
} as const;

export function mostUrgent(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) > severities.indexOf(b) ? a : b;
}
