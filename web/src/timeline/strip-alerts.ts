import type { Alert } from '../api/shapes.ts';
import { dueTime } from '../queue/day-figures.ts';
import { compareAlerts } from '../queue/queue-order.ts';
import { type StripScale, stripStart, stripX } from './strip-scale.ts';

/** One place of the strip: the alert that stands for all that came at about that time. */
export interface StripAlert {
  readonly alert: Alert;
  readonly count: number;
  readonly x: number;
}

/** Symbols nearer than this would hide each other. */
const apart = 20;

/** The alerts of the last half hour, oldest first; of those too near the chosen one is shown, else the first of the queue. */
export function stripAlerts(alerts: Iterable<Alert>, scale: StripScale, chosen: string | undefined): StripAlert[] {
  const start = new Date(stripStart(scale)).toISOString();
  const shown: StripAlert[] = [];
  const recent = [...alerts].filter(({ at }) => at >= start).sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const alert of recent) {
    const x = stripX(scale, Date.parse(alert.at));
    const before = shown.at(-1);
    if (!before || x - before.x >= apart) shown.push({ alert, count: 1, x });
    else shown[shown.length - 1] = joined(before, alert, chosen);
  }
  return shown;
}

function joined({ alert: known, count, x }: StripAlert, alert: Alert, chosen: string | undefined): StripAlert {
  const isKept = known.id === chosen || (alert.id !== chosen && compareAlerts(known, alert) <= 0);
  return { alert: isKept ? known : alert, count: count + 1, x };
}

/** Until when somebody has to have done what comes next with the alert. */
export function alertLimit(
  alert: Alert,
): { readonly at: number; readonly key: 'timeline.take' | 'timeline.handle' } | undefined {
  if (alert.state === 'raised') return { at: dueTime(alert), key: 'timeline.take' };
  if (alert.state !== 'acknowledged' || !alert.dueAt) return undefined;
  return { at: dueTime(alert), key: 'timeline.handle' };
}
