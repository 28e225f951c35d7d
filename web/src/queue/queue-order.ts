import type { Alert, Severity } from '../api/shapes.ts';
import { isOpen } from '../live/world.ts';

export type QueueFilter = 'all' | 'untaken' | 'mine';

const rank: Record<Severity, number> = { critical: 0, major: 1, minor: 2, info: 3 };

/** Untaken first, by severity then age; then the owned, by nearest deadline, then age. */
export function compareAlerts(a: Alert, b: Alert): number {
  if (a.state !== b.state) return a.state === 'raised' ? -1 : 1;
  if (a.state === 'raised') return rank[a.severity] - rank[b.severity] || older(a, b);
  return (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9') || older(a, b);
}

/** The open alerts in the order in which they wait for somebody. */
export function openQueue(alerts: Iterable<Alert>): Alert[] {
  return [...alerts].filter(isOpen).sort(compareAlerts);
}

export function filterQueue(queue: readonly Alert[], filter: QueueFilter, me: string | undefined): Alert[] {
  if (filter === 'untaken') return queue.filter((alert) => alert.state === 'raised');
  if (filter === 'mine') return queue.filter((alert) => alert.acknowledgedBy?.id === me && me !== undefined);
  return [...queue];
}

/** Compares severities: negative when `a` is worse. */
export function worseFirst(a: Severity, b: Severity): number {
  return rank[a] - rank[b];
}

/** The untaken to tell of: those that were not known, and those that have become worse than they were known to be. */
export function tidings(queue: readonly Alert[], known: ReadonlyMap<string, Severity>): Alert[] {
  return queue.filter(({ id, state, severity }) => {
    const before = known.get(id);
    return state === 'raised' && (before === undefined || worseFirst(severity, before) < 0);
  });
}

function older(a: Alert, b: Alert): number {
  return a.at.localeCompare(b.at) || a.id.localeCompare(b.id);
}
