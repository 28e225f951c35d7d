import { type Bbox, type EventTopic, eventTopics, type LatestTopic, latestTopics } from './contract.ts';

export interface Subscription {
  readonly events: readonly EventTopic[];
  readonly latest: readonly LatestTopic[];
  readonly bbox?: Bbox | undefined;
  /** Replay what came after. */
  readonly since?: number | undefined;
}

export type SeatState =
  /** Connected, has asked for nothing yet. */
  | { readonly phase: 'idle' }
  /** Being brought up to date; its events wait in the database, its last values in the seat. */
  | { readonly phase: 'syncing'; readonly subscription: Subscription }
  /** Told as it happens; `cursor` is the last event it was told or that was none of its business. */
  | { readonly phase: 'live'; readonly subscription: Subscription; readonly cursor: number }
  | { readonly phase: 'closed'; readonly code: number };

export type SeatEvent =
  | { readonly type: 'subscribe'; readonly subscription: Subscription }
  | { readonly type: 'synced'; readonly cursor: number }
  | { readonly type: 'passed'; readonly seq: number }
  | { readonly type: 'close'; readonly code: number };

/** What does not fit the state changes nothing; closed is final. */
export function nextSeatState(state: SeatState, event: SeatEvent): SeatState {
  if (state.phase === 'closed') return state;
  switch (event.type) {
    case 'subscribe':
      return { phase: 'syncing', subscription: event.subscription };
    case 'synced':
      return state.phase === 'syncing' ? { ...state, phase: 'live', cursor: event.cursor } : state;
    case 'passed':
      return state.phase === 'live' && event.seq > state.cursor ? { ...state, cursor: event.seq } : state;
    case 'close':
      return { phase: 'closed', code: event.code };
  }
}

/** Unknown topics are dropped. */
export function subscriptionOf(wanted: {
  readonly topics: readonly string[];
  readonly bbox?: Bbox | undefined;
  readonly since?: number | undefined;
}): Subscription {
  const { bbox, since } = wanted;
  return {
    events: eventTopics.filter((topic) => wanted.topics.includes(topic)),
    latest: latestTopics.filter((topic) => wanted.topics.includes(topic)),
    bbox,
    since,
  };
}
