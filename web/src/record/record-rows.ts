import type { TimelineEntry } from '../api/incident-shapes.ts';
import type { Alert } from '../api/shapes.ts';

/** What a detail of the ledger is called when it is read out; the rest is for engineers. */
const told = ['unit', 'department', 'seat', 'to', 'step', 'reason', 'text', 'note', 'minutes'] as const;

/** One line of the record: what was done, by whom, when, and what was said. */
export interface RecordRow {
  readonly at: string;
  readonly by: string;
  /** The last word of the action: `incident.dispatch` is a `dispatch`. */
  readonly what: string;
  readonly said: readonly string[];
}

/** Newest first, the alert's own and its incident's together. */
export function recordRows(entries: readonly TimelineEntry[]): RecordRow[] {
  return entries.map(rowOf).toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

function rowOf({ at, by, action, details }: TimelineEntry): RecordRow {
  const said = told.flatMap((name) => {
    const value = details[name];
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  return { at, by, what: action.startsWith('receipt.') ? action : (action.split('.').at(-1) ?? action), said };
}

/** What an alert itself says of its past, where nobody keeps a record of it. */
export function ownRecord({ at, acknowledgedBy, closedBy, state, dismissReason }: Alert): TimelineEntry[] {
  const closing = state === 'dismissed' ? 'alert.dismiss' : 'alert.confirm';
  const entry = (action: string, by: { readonly name: string; readonly at: string }): TimelineEntry => ({
    at: by.at,
    by: by.name,
    action,
    version: 0,
    state,
    details: action === 'alert.dismiss' ? { reason: dismissReason } : {},
  });
  return [
    entry('alert.raise', { name: 'system', at }),
    ...(acknowledgedBy ? [entry('alert.acknowledge', acknowledgedBy)] : []),
    ...(closedBy ? [entry(closing, closedBy)] : []),
  ];
}
