import { type Static, Type } from 'typebox';
import { AlertKind } from '../alert.ts';
import { Trace } from '../traces/trace.ts';

/** An alert that somebody has decided on, and what it was raised from: one line of an exported file. */
export const RehearsalCase = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64 }),
    /** Of the rule that raised it, at its camera or sensor. */
    key: Type.String({ minLength: 1, maxLength: 300 }),
    kind: AlertKind,
    /** RFC 3339 UTC. */
    at: Type.String({ maxLength: 30 }),
    state: Type.Enum(['confirmed', 'dismissed']),
    title: Type.String({ maxLength: 300 }),
    trace: Trace,
  },
  { additionalProperties: false },
);
export type RehearsalCase = Static<typeof RehearsalCase>;

/**
 * What the rules given would have made of it: an alert or none; `unknown` when the trace is shorter than what the rule asks
 * for, or the rule asks for less than the detector wrote down.
 */
export type CaseOutcome =
  | { readonly type: 'raised'; readonly at: Date }
  | { readonly type: 'silent'; readonly because?: string }
  | { readonly type: 'unknown'; readonly because: string };

/** What counts as the alert itself and not one before it: from a little before it was raised, by a rule that is quicker. */
export const leadMs = 5_000;
