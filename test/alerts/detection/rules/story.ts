import type { Step, Verdict } from '../../../../src/alerts/detection/rules/rule-event.ts';
import type { Picture } from '../../../../src/alerts/detection/rules/rule-policy.ts';
import type { Track } from '../../../../src/alerts/detection/tracker.ts';
import type { Corner } from '../../../../src/alerts/detection/zone.ts';

export const aspect = 16 / 9;

/** Once a second; undefined where it is not seen. */
export type Path = readonly (Corner | undefined)[];

export interface Actor {
  readonly id: number;
  readonly label?: string;
  /** Where its feet are. */
  readonly path: Path;
  readonly height?: number;
}

/** What a camera sees of them, a picture a second. */
export function picturesOf(actors: readonly Actor[]): Picture[] {
  const seconds = Math.max(...actors.map(({ path }) => path.length));
  return Array.from({ length: seconds }, (_, second) => {
    const at = second * 1_000;
    return { at, aspect, tracks: actors.flatMap((actor) => trackAt(actor, second)) };
  });
}

/** A track lives on unseen: it is where it was, and not of this picture. */
function trackAt(actor: Actor, second: number): Track[] {
  const { id, label = 'car', height = 0.1, path } = actor;
  const seen = path.slice(0, second + 1).findLastIndex((foot) => foot !== undefined);
  const foot = path[seen];
  if (!foot) return [];
  const width = height / aspect;
  const box = { x: foot[0] - width / 2, y: foot[1] - height, width, height };
  return [{ id, label, box, score: 0.6 + id / 100, firstAt: 0, lastAt: seen * 1_000 }];
}

/** What each picture led to. */
export function verdictsOf<S>(judge: (state: S, picture: Picture) => Step<S>, from: S, pictures: readonly Picture[]) {
  let state = from;
  return pictures.map((picture): Verdict => {
    const step = judge(state, picture);
    state = step.state;
    return step.verdict;
  });
}

export const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** Of one of its kind, and quiet before and after: at which second each begins, goes on or ends. */
export function eventsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap(({ type }, second) => (type === 'quiet' ? [] : [`${type} ${second}`]));
}

export const wholePicture: Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

export const basePolicy = { minSize: 0, cooldownMs: 0, clearMs: 4_000, graceMs: 2_500, dwellMs: 3_000 };
