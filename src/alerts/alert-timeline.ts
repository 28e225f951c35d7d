import { type Static, Type } from 'typebox';
import type { LedgerRow } from '../store/ledger-repository.ts';
import { AlertStateName } from './alert.ts';

/** One thing that was done with an alert, and what it became by that. */
export const AlertTimelineEntry = Type.Object({
  at: Type.String(),
  by: Type.String(),
  action: Type.String(),
  version: Type.Integer(),
  /** Left out where the row is from before it was written down. */
  state: Type.Optional(AlertStateName),
  /** What else was said: a reason, whom it was given to, who was asked. */
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type AlertTimelineEntry = Readonly<Static<typeof AlertTimelineEntry>>;

/** Rows of alerts are written with version and state; those of what was asked of them, like a clip, without. */
export function alertTimelineEntry({ at, actor, action, details }: LedgerRow): AlertTimelineEntry {
  const { version = 0, state, type: _, kind: _kind, severity: _severity, ...rest } = JSON.parse(details ?? '{}');
  return { at, by: actor, action, version, ...(state !== undefined && { state }), details: rest };
}
