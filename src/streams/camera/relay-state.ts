import type { Cause } from '../stream-failure.ts';

/** What a camera's connection is doing. `attempt` counts dials since it last ran steadily, from 1. */
export type RelayState =
  | { readonly phase: 'idle'; readonly since: Date }
  | { readonly phase: 'connecting'; readonly since: Date; readonly attempt: number }
  | { readonly phase: 'live'; readonly since: Date; readonly attempt: number }
  | Trouble<'stale'>
  /** Without `retryAt` it is the camera that must come: nothing is dialled. */
  | (Trouble<'waiting'> & { readonly retryAt?: Date })
  | { readonly phase: 'closed'; readonly since: Date };

interface Trouble<Phase extends string> {
  readonly phase: Phase;
  readonly since: Date;
  readonly attempt: number;
  readonly cause: Cause;
  readonly message: string;
}

export type RelayEvent = { readonly at: Date } & (
  | { readonly type: 'dial'; readonly attempt: number }
  /** The first picture of an attempt. */
  | { readonly type: 'picture' }
  /** What is shown is live again. */
  | { readonly type: 'fresh' }
  | { readonly type: 'stale'; readonly cause: Cause; readonly message: string }
  /** The attempt goes on, but only the camera itself can start it: it pushes to us. */
  | { readonly type: 'await'; readonly cause: Cause; readonly message: string }
  | { readonly type: 'failed'; readonly cause: Cause; readonly message: string; readonly retryAt: Date }
  | { readonly type: 'rest' }
  | { readonly type: 'close' }
);

/** The only way a relay's state changes. What does not apply leaves the very same object. */
export function nextState(state: RelayState, event: RelayEvent): RelayState {
  if (state.phase === 'closed') return state;
  const since = event.at;
  switch (event.type) {
    case 'dial':
      return { phase: 'connecting', since, attempt: event.attempt };
    case 'picture':
      return liveFrom(state, event);
    case 'fresh':
      return state.phase === 'stale' ? { phase: 'live', since, attempt: state.attempt } : state;
    case 'stale':
      return staleFrom(state, event);
    case 'await':
      return awaitingFrom(state, event);
    case 'failed':
      return state.phase === 'idle' ? state : waitingFrom(state, event);
    case 'rest':
      return state.phase === 'idle' ? state : { phase: 'idle', since };
    case 'close':
      return { phase: 'closed', since };
  }
}

function liveFrom(state: RelayState, { at }: RelayEvent): RelayState {
  const expected = state.phase === 'connecting' || (state.phase === 'waiting' && state.retryAt === undefined);
  return expected ? { phase: 'live', since: at, attempt: state.attempt } : state;
}

function awaitingFrom(state: RelayState, { cause, message, at }: RelayEvent & { type: 'await' }): RelayState {
  if (state.phase !== 'connecting') return state;
  return { phase: 'waiting', since: at, attempt: state.attempt, cause, message };
}

function staleFrom(state: RelayState, event: RelayEvent & { type: 'stale' }): RelayState {
  const moves = state.phase === 'live' || (state.phase === 'stale' && state.cause !== event.cause);
  if (!moves) return state;
  const { cause, message, at } = event;
  return { phase: 'stale', since: at, attempt: state.attempt, cause, message };
}

function waitingFrom(state: RelayState, event: RelayEvent & { type: 'failed' }): RelayState {
  const attempt = 'attempt' in state ? state.attempt : 1;
  const { cause, message, retryAt, at } = event;
  return { phase: 'waiting', since: at, attempt, cause, message, retryAt };
}
