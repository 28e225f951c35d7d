import type { Track } from '../tracker.ts';

/** A track that is at something: since when, and when last seen at it. Milliseconds. */
export interface Stay {
  readonly track: number;
  readonly since: number;
  readonly lastAt: number;
}

interface Look {
  readonly at: number;
  readonly graceMs: number;
}

/** The stay a track had, unless it was too long ago to be the same. */
export function stayOf<S extends Stay>(stays: readonly S[], { id }: Track, { at, graceMs }: Look): S | undefined {
  return stays.find(({ track, lastAt }) => track === id && at - lastAt <= graceMs);
}

/** Those who were not seen at it this time, but may be again. */
export function missing<S extends Stay>(stays: readonly S[], seen: readonly Track[], { at, graceMs }: Look): S[] {
  return stays.filter(({ track, lastAt }) => at - lastAt <= graceMs && !seen.some(({ id }) => id === track));
}

/** A stay for everybody seen, and those who may be seen again. */
export function nextStays(before: readonly Stay[], seen: readonly Track[], look: Look): Stay[] {
  const { at } = look;
  const here = seen.map((track) => ({ track: track.id, since: stayOf(before, track, look)?.since ?? at, lastAt: at }));
  return [...here, ...missing(before, seen, look)];
}

/** Who has been at it, the longest first. */
export function byDwell(seen: readonly Track[], stays: readonly Stay[]): { track: Track; dwellMs: number }[] {
  return seen
    .map((track) => {
      const stay = stays.find((each) => each.track === track.id);
      return { track, dwellMs: stay ? stay.lastAt - stay.since : 0 };
    })
    .toSorted((one, other) => other.dwellMs - one.dwellMs);
}
