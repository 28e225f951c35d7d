/** How near to live a player tries to stay: received and not yet shown, in milliseconds. It gives way when pictures falter. */
export interface Edge {
  readonly targetMs: number;
  /** Since when playing has not faltered, on any monotonic clock. */
  readonly smoothSince: number;
}

export type Pace =
  | { readonly kind: 'play'; readonly rate: number }
  /** To this far before the end of what has been received. */
  | { readonly kind: 'jump'; readonly beforeEndMs: number };

const leastTargetMs = 80;
const mostTargetMs = 800;
const smoothMs = 30_000;
/** More than this is not caught up with by playing faster. */
const jumpMs = 1_000;

export function liveEdge(now: number): Edge {
  return { targetMs: leastTargetMs, smoothSince: now };
}

/** The player ran out of pictures: from now on it keeps a little more. */
export function faltered({ targetMs }: Edge, now: number): Edge {
  return { targetMs: Math.min(mostTargetMs, targetMs * 1.6), smoothSince: now };
}

/** After half a minute without a falter it comes a step nearer. */
export function steadied(edge: Edge, now: number): Edge {
  if (now - edge.smoothSince < smoothMs) return edge;
  return { targetMs: Math.max(leastTargetMs, edge.targetMs / 1.6), smoothSince: now };
}

/** How to play on. `fresh` is a player that has just begun or come back into view: nobody sees it jump. */
export function paceFor({ targetMs }: Edge, aheadMs: number, fresh: boolean): Pace {
  const over = aheadMs - targetMs;
  if (over > (fresh ? targetMs : jumpMs)) return { kind: 'jump', beforeEndMs: targetMs };
  if (over <= targetMs / 2) return { kind: 'play', rate: 1 };
  return { kind: 'play', rate: over > 400 ? 1.25 : 1.08 };
}
