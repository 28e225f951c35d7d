/** Where a channel is: nothing to tell, telling, waiting to try again, or stopped because its receiver is gone for good. */
export type ChannelState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'telling'; readonly attempt: number }
  | { readonly phase: 'waiting'; readonly attempt: number; readonly retryAt: Date; readonly cause: Error }
  | { readonly phase: 'stopped'; readonly cause: Error }
  | { readonly phase: 'closed' };

export type ChannelEvent =
  | { readonly type: 'tell' }
  | { readonly type: 'told' }
  | { readonly type: 'failed'; readonly retryAt: Date; readonly cause: Error }
  | { readonly type: 'gone'; readonly cause: Error }
  | { readonly type: 'close' };

/** What fits no longer changes nothing. */
export function nextChannelState(state: ChannelState, event: ChannelEvent): ChannelState {
  const isOver = state.phase === 'closed' || (state.phase === 'stopped' && event.type !== 'close');
  if (isOver) return state;
  switch (event.type) {
    case 'tell':
      return { phase: 'telling', attempt: attemptsOf(state) };
    case 'told':
      return { phase: 'idle' };
    case 'failed':
      return { phase: 'waiting', attempt: attemptsOf(state) + 1, retryAt: event.retryAt, cause: event.cause };
    case 'gone':
      return { phase: 'stopped', cause: event.cause };
    case 'close':
      return { phase: 'closed' };
  }
}

/** How often it has failed since it last worked. */
export function attemptsOf(state: ChannelState): number {
  return state.phase === 'telling' || state.phase === 'waiting' ? state.attempt : 0;
}

/** In a word. */
export function channelHealth(state: ChannelState): 'ok' | 'waiting' | 'stopped' {
  if (state.phase === 'stopped') return 'stopped';
  return attemptsOf(state) > 0 ? 'waiting' : 'ok';
}
