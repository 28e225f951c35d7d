import { type ReviewedAlert, reviewedAlerts } from '../../store/alert-traces-repository.ts';
import type { Queries } from '../../store/store.ts';
import { type AlertKind, alertKinds } from '../alert.ts';
import { unpackTrace } from '../traces/trace.ts';
import type { RehearsalCase } from './rehearsal-case.ts';

/** A reviewed alert, and what it was raised from when that was kept. */
export interface ReviewedCase extends Omit<RehearsalCase, 'trace'> {
  readonly trace?: RehearsalCase['trace'];
}

const pageRows = 200;
/** Raised by people, by other services or by the house itself: no rule of ours can be changed for them. */
const notOfRules: ReadonlySet<AlertKind> = new Set(['sos', 'report', 'camera-fault', 'weather-warning']);

/** What was decided on since, oldest first, read page by page. */
export async function* reviewedCases(db: Queries, since?: Date): AsyncGenerator<ReviewedCase> {
  let after: string | undefined;
  for (;;) {
    const rows = await reviewedAlerts(db, { since: since?.toISOString(), after, limit: pageRows });
    for (const row of rows) {
      const found = await caseOf(row);
      if (found) yield found;
    }
    after = rows.at(-1)?.id;
    if (rows.length < pageRows) return;
  }
}

async function caseOf({ trace, kind: name, state: decided, ...alert }: ReviewedAlert) {
  const kind = alertKinds.find((known) => known === name);
  if (kind === undefined || notOfRules.has(kind)) return undefined;
  const state = decided === 'confirmed' ? ('confirmed' as const) : ('dismissed' as const);
  return { ...alert, kind, state, ...(trace && { trace: await unpackTrace(trace) }) };
}
