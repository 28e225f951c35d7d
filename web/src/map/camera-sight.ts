import type { Camera } from '../api/shapes.ts';
import { ageText, lengthText } from '../words/figures.ts';
import type { MessageKey } from '../words/zh-cn.ts';

/** Whether the camera shows nothing of its place now: no picture, an old one, or one that shows something else. */
export function isBlind({ state, health }: Camera): boolean {
  const hasPicture = state.phase !== 'stale' && state.phase !== 'waiting' && state.phase !== 'closed';
  return !hasPicture || health?.sees === 'nothing';
}

/** How far it sees now, metres: its range, or less in fog; undefined of a camera without a view. */
export function reachMeters({ view, seesMeters }: Camera): number | undefined {
  return view && Math.min(view.range, seesMeters ?? view.range);
}

interface Sayer {
  readonly t: (key: MessageKey, values?: Record<string, unknown>) => string;
  readonly now: number;
}

/** What is to be said of its sight, the gravest first; nothing of a camera that sees well. */
export function sightNotes({ health, faults = [], seesMeters }: Camera, { t, now }: Sayer): string[] {
  const standing = faults.map(({ kind, since }) => {
    const why = t(`sight.why.${kind}`);
    return t('sight.since', { why, age: ageText(now - Date.parse(since)) });
  });
  const weather = health?.why === 'fog' || health?.why === 'night' ? [t(`sight.why.${health.why}`)] : [];
  const short = seesMeters === undefined ? [] : [t('sight.meters', { value: lengthText(seesMeters) })];
  return [...standing, ...weather, ...short, ...clockNote(health?.clockSeconds, { t, now })];
}

function clockNote(seconds: number | undefined, { t }: Sayer): string[] {
  if (seconds === undefined) return [];
  const key = seconds > 0 ? 'sight.clockAhead' : 'sight.clockBehind';
  return [t(key, { age: ageText(Math.abs(seconds) * 1_000) })];
}
