import type { Alert } from '../api/shapes.ts';
import { isOpen } from '../live/world.ts';

export interface DayFigures {
  readonly closed: number;
  readonly meanTakeMs: number | undefined;
  readonly falseAlarms: number;
  readonly overdue: number;
}

const takeLimitMs = 60_000;

/** What the seat's day looks like, from the alerts raised since `dayStart`. */
export function dayFigures(alerts: Iterable<Alert>, dayStart: number, now: number): DayFigures {
  const today = [...alerts].filter((alert) => Date.parse(alert.at) >= dayStart);
  const waits = today.flatMap(({ at, acknowledgedBy }) =>
    acknowledgedBy ? [Date.parse(acknowledgedBy.at) - Date.parse(at)] : [],
  );
  return {
    closed: today.filter(({ state }) => state === 'confirmed' || state === 'dismissed').length,
    meanTakeMs: waits.length > 0 ? waits.reduce((sum, wait) => sum + wait, 0) / waits.length : undefined,
    falseAlarms: today.filter(({ state }) => state === 'dismissed').length,
    overdue: today.filter((alert) => isOverdue(alert, now)).length,
  };
}

/** Open, and its deadline has passed: nobody took it, or who took it has not gone on. */
export function isOverdue(alert: Alert, now: number): boolean {
  if (alert.state === 'acknowledged' && !alert.dueAt) return false;
  return isOpen(alert) && now > dueTime(alert);
}

/** When somebody has to have taken the alert: the plan's deadline, a minute without one. */
export function dueTime(alert: Alert): number {
  return alert.dueAt ? Date.parse(alert.dueAt) : Date.parse(alert.at) + takeLimitMs;
}
