/** How one feed is doing. */
export type FeedState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'ok' }
  /** Since the first failure in a row. */
  | { readonly phase: 'degraded'; readonly since: Date; readonly reason: string };

export type FeedEvent =
  | { readonly type: 'read' }
  | { readonly type: 'failed'; readonly at: Date; readonly reason: string };

export function nextFeedState(state: FeedState, event: FeedEvent): FeedState {
  if (event.type === 'read') return { phase: 'ok' };
  const since = state.phase === 'degraded' ? state.since : event.at;
  return { phase: 'degraded', since, reason: event.reason };
}

/** For `/readyz`: a word, or since when and why not. */
export function describeFeed(state: FeedState): string {
  if (state.phase !== 'degraded') return state.phase;
  return `degraded since ${state.since.toISOString()}: ${state.reason}`;
}
