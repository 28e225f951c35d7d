import type { RelayState } from './relay-state.ts';

/** Which of a camera's streams: the full picture, or the smaller one that most cameras send beside it. */
export const profiles = ['main', 'sub'] as const;
export type Profile = (typeof profiles)[number];

const ranks: Record<RelayState['phase'], number> = {
  live: 5,
  stale: 4,
  connecting: 3,
  waiting: 2,
  idle: 1,
  closed: 0,
};

/**
 * How a camera stands whose streams stand so: the best of both, since one that is not wanted is idle and says nothing of
 * the camera. Of two that stand alike the main one speaks.
 */
export function combinedState(main: RelayState, sub: RelayState | undefined): RelayState {
  return sub && ranks[sub.phase] > ranks[main.phase] ? sub : main;
}
