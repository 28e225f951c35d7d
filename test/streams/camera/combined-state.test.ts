import { expect, test } from 'vitest';
import { combinedState } from '../../../src/streams/camera/combined-state.ts';
import type { RelayState } from '../../../src/streams/camera/relay-state.ts';

const since = new Date(0);
const trouble = { since, attempt: 1, cause: 'no_packets', message: 'nothing' } as const;
const states: Record<RelayState['phase'], RelayState> = {
  live: { phase: 'live', since, attempt: 1 },
  stale: { phase: 'stale', ...trouble },
  connecting: { phase: 'connecting', since, attempt: 1 },
  waiting: { phase: 'waiting', ...trouble, retryAt: since },
  idle: { phase: 'idle', since },
  closed: { phase: 'closed', since },
};

test.each([
  ['idle', 'live', 'live'],
  ['idle', 'stale', 'stale'],
  ['idle', 'connecting', 'connecting'],
  ['idle', 'waiting', 'waiting'],
  ['waiting', 'live', 'live'],
  ['stale', 'live', 'live'],
  ['live', 'waiting', 'live'],
  ['live', 'idle', 'live'],
  ['waiting', 'connecting', 'connecting'],
  ['closed', 'closed', 'closed'],
] as const)('a camera whose main stream is %s and whose sub stream is %s is %s', (main, sub, expected) => {
  expect(combinedState(states[main], states[sub])).toBe(states[expected]);
});

test('of two streams that stand alike the main one speaks, and one that is alone always', () => {
  const main = { ...states.live };
  expect(combinedState(main, states.live)).toBe(main);
  expect(combinedState(states.waiting, undefined)).toBe(states.waiting);
});
