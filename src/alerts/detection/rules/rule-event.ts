import type { Reason } from '../../../shared/reason.ts';
import type { Track } from '../tracker.ts';

/** What is wrong in a picture, and why it is held to be. */
export interface Offence {
  /** Who is to blame the most. */
  readonly track: Track;
  /** All who are, the first among them. */
  readonly tracks: readonly Track[];
  /** How many they are, with those who go unseen for a moment; as many as `tracks` unless told. */
  readonly count?: number;
  /** How long the one to blame has been at it. */
  readonly dwellMs: number;
  readonly reasons: readonly Reason[];
}

/** An event of one rule at one place: going on, or when the last one was over. Milliseconds. */
export interface RuleEvent {
  /** When it began, and when anything of it was last seen. */
  readonly open?: { readonly since: number; readonly lastAt: number };
  readonly endedAt?: number;
}

/** `begin` and `continue` carry the offence; `end` when anything of it was last seen. */
export type Verdict =
  | { readonly type: 'quiet' }
  | ({ readonly type: 'begin' | 'continue' } & Offence)
  | { readonly type: 'end'; readonly lastAt: number };

/** A rule's memory after a picture, and what the picture meant. */
export interface Step<State> {
  readonly state: State;
  readonly verdict: Verdict;
}

export interface EventPolicy {
  /** How long nothing of it must be seen before the event is over. */
  readonly clearMs: number;
  /** How long after an event none begins anew. */
  readonly cooldownMs: number;
}

export interface Finding {
  readonly at: number;
  readonly offence: Offence | undefined;
  /** Something that keeps a running event open, though it is no reason for one. */
  readonly isOccupied: boolean;
}

interface NextEvent {
  readonly event: RuleEvent;
  readonly verdict: Verdict;
}

const quiet: Verdict = { type: 'quiet' };

/** How an event begins, goes on and ends, the same for every rule. */
export function nextEvent(before: RuleEvent, { at, offence, isOccupied }: Finding, policy: EventPolicy): NextEvent {
  const { open, endedAt } = before;
  if (!open) {
    const rests = endedAt !== undefined && at - endedAt < policy.cooldownMs;
    if (!offence || rests) return { event: before, verdict: quiet };
    return { event: { open: { since: at, lastAt: at } }, verdict: { type: 'begin', ...offence } };
  }
  if (offence || isOccupied) {
    const verdict: Verdict = offence ? { type: 'continue', ...offence } : quiet;
    return { event: { open: { ...open, lastAt: at } }, verdict };
  }
  const { lastAt } = open;
  if (at - lastAt < policy.clearMs) return { event: before, verdict: quiet };
  return { event: { endedAt: lastAt }, verdict: { type: 'end', lastAt } };
}
