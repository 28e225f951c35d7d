import type { Alert } from '../api/shapes.ts';

export type Tone = 'sos' | 'critical' | 'major' | 'minor';

/** What has sounded so far: when each alert was last heard and how often. Times in milliseconds. */
export interface Heard {
  readonly at: number;
  readonly times: number;
}

interface Rule {
  readonly everyMs: number;
  readonly times: number;
}

const rules: Record<Tone, Rule> = {
  sos: { everyMs: 4_000, times: Number.POSITIVE_INFINITY },
  critical: { everyMs: 8_000, times: Number.POSITIVE_INFINITY },
  major: { everyMs: 30_000, times: 2 },
  minor: { everyMs: 0, times: 1 },
};
const worstFirst: readonly Tone[] = ['sos', 'critical', 'major', 'minor'];

/** The one alert to be heard now, the worst first; quiet covers neither SOS nor critical. */
export function nextTone(
  alerts: Iterable<Alert>,
  heard: ReadonlyMap<string, Heard>,
  { now, quiet }: { now: number; quiet: boolean },
): { alert: Alert; tone: Tone } | undefined {
  const due = [...alerts].flatMap((alert) => {
    const tone = toneOf(alert);
    return tone && isDue(rules[tone], heard.get(alert.id), now) ? [{ alert, tone }] : [];
  });
  const audible = due.filter(({ tone }) => !quiet || tone === 'sos' || tone === 'critical');
  return audible.sort((a, b) => worstFirst.indexOf(a.tone) - worstFirst.indexOf(b.tone))[0];
}

/** Those that somebody has taken: untaken again, they are heard from the beginning. */
export function takenOf(alerts: Iterable<Alert>): string[] {
  return [...alerts].filter(({ state }) => state !== 'raised').map(({ id }) => id);
}

function toneOf(alert: Alert): Tone | undefined {
  if (alert.state !== 'raised' || alert.severity === 'info') return undefined;
  return alert.kind === 'sos' ? 'sos' : alert.severity;
}

function isDue({ everyMs, times }: Rule, heard: Heard | undefined, now: number): boolean {
  return heard === undefined || (heard.times < times && now - heard.at >= everyMs);
}
