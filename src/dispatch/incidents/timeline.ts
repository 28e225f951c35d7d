import { type Static, Type } from 'typebox';
import type { LedgerRow } from '../../store/ledger-repository.ts';
import { IncidentStateName } from './incident.ts';

/** One thing that was done with an incident, and what it became by that. */
export const TimelineEntry = Type.Object({
  at: Type.String(),
  by: Type.String(),
  action: Type.String(),
  version: Type.Integer(),
  state: IncidentStateName,
  /** What else was said: a reason, a unit, a deadline. */
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type TimelineEntry = Readonly<Static<typeof TimelineEntry>>;

/** Rows of incidents are written by this slice alone, each with its version and state. */
export function timelineEntry({ at, actor, action, details }: LedgerRow): TimelineEntry {
  const { version, state, kind: _, severity: _severity, ...rest } = JSON.parse(details ?? '{}');
  return { at, by: actor, action, version, state, details: rest };
}
