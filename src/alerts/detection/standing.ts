import type { Standing } from './gate/motion-gate.ts';
import { familyOf } from './labels.ts';
import type { Rank } from './model.ts';
import { predicted } from './motion.ts';
import type { Track } from './tracker.ts';
import type { WatchedRule } from './watched-rule.ts';

export interface WatchState {
  readonly rules: readonly Pick<WatchedRule, 'rule' | 'lastSeenAt'>[];
  readonly tracks: readonly Track[];
  /** When the last picture was taken that the model looked at. */
  readonly lookedAt: number;
  /** Unseen for longer, a track is about to be given up. */
  readonly lastCallMs: number;
}

/**
 * Not seen for longer, they are looked for where something moves, and once more before they are given up: a still picture
 * tells little new.
 */
const askAgainMs = 1_500;

/** Who must be looked for in a picture of that time, and whether anybody must who was not seen at the last look. */
export function standingAt(at: number, { rules, tracks, lookedAt, lastCallMs }: WatchState): Omit<Standing, 'pending'> {
  const meant = familiesOf(rules);
  const followed = tracks.filter(({ label }) => meant.has(familyOf(label)));
  const isLost = followed.some(({ lastAt }) => lastAt < lookedAt);
  // Once, with whichever picture comes first; of what was seen only once there is little to lose.
  const isLastCall = ({ lastAt, motion }: Track) =>
    motion !== undefined && at - lastAt > lastCallMs && lookedAt - lastAt <= lastCallMs;
  const wanted = followed.filter((track) => lookedAt - track.lastAt <= askAgainMs || isLastCall(track));
  const isOpen = rules.some(({ lastSeenAt }) => lastSeenAt !== undefined && lastSeenAt < lookedAt);
  return { followed: wanted.map((track) => expectedBox(track, at)), isMissing: isLost || isOpen };
}

interface Judging {
  readonly rules: readonly Pick<WatchedRule, 'wouldBegin'>[];
  readonly tracks: readonly Track[];
}

/** What hangs on a picture of that time: whether an event begins with it if everybody is where they should be by then. */
export function rankAt(at: number, aspect: number, { rules, tracks }: Judging): Rank {
  if (tracks.length === 0) return 'usual';
  const expected = tracks.map((track) => ({ ...track, box: expectedBox(track, at), lastAt: at }));
  return rules.some((rule) => rule.wouldBegin({ tracks: expected, at, aspect })) ? 'pressing' : 'usual';
}

/** Whoever stands beside a thing has not left it: people are followed for that, too. */
function familiesOf(rules: WatchState['rules']): ReadonlySet<string> {
  const objects = rules.flatMap(({ rule }) => rule.choice.policy.objects);
  const isAboutThings = rules.some(({ rule }) => rule.choice.rule === 'object-left');
  return new Set([...objects.map(familyOf), ...(isAboutThings ? ['person'] : [])]);
}

function expectedBox({ box, motion, lastAt }: Track, at: number) {
  return motion ? predicted(box, motion, (at - lastAt) / 1_000) : box;
}
