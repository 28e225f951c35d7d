import { reconnectDelayMs } from '../live/link.ts';

/** One picture of one camera on this page. Times are milliseconds. */
export type TileState =
  | { readonly phase: 'opening'; readonly attempt: number }
  | { readonly phase: 'playing' }
  | { readonly phase: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly cause: string }
  | { readonly phase: 'stills' }
  | { readonly phase: 'closed' };

export type TileEvent =
  | { readonly type: 'dial' }
  | { readonly type: 'frame' }
  | { readonly type: 'unplayable' }
  | { readonly type: 'lost'; readonly at: number; readonly random: number; readonly cause: string }
  | { readonly type: 'close' };

/** `closed` is final; `stills` (nothing here decodes the stream) end with a moving picture only. */
export function nextTile(state: TileState, event: TileEvent): TileState {
  if (state.phase === 'closed' || event.type === 'close') return { phase: 'closed' };
  if (event.type === 'frame') return { phase: 'playing' };
  if (state.phase === 'stills' || event.type === 'unplayable') return { phase: 'stills' };
  const attempt = 'attempt' in state ? state.attempt : 0;
  if (event.type === 'dial') return { phase: 'opening', attempt };
  const retryAt = event.at + reconnectDelayMs(attempt + 1, event.random);
  return { phase: 'waiting', attempt: attempt + 1, retryAt, cause: event.cause };
}
