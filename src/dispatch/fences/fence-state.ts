/** `doubtful` is outside with one fix inside that may be the receiver's error. */
export type FenceState = 'outside' | 'doubtful' | 'inside';

/** Where a fix lies to a fence. */
export interface FenceFix {
  /** Metres to the edge, negative outside. */
  readonly depthMeters: number;
  /** Metres, where the receiver says it. */
  readonly accuracy?: number | undefined;
}

/** What a receiver that does not say how well it knows is trusted with. */
const usualAccuracyMeters = 20;
/** Wider than the way in, so that who stands on the edge does not come and go. */
const leavingMeters = 30;

/** One fix well inside, or two in a row anywhere inside, enter; one well outside leaves. */
export function nextFenceState(state: FenceState, { depthMeters, accuracy }: FenceFix): FenceState {
  if (state === 'inside') return depthMeters < -leavingMargin(accuracy) ? 'outside' : 'inside';
  if (!(depthMeters > 0)) return 'outside';
  return state === 'doubtful' || depthMeters > (accuracy ?? usualAccuracyMeters) ? 'inside' : 'doubtful';
}

/** How far outside a fix must lie to leave. */
export function leavingMargin(accuracy = 0): number {
  return Math.max(leavingMeters, accuracy);
}
