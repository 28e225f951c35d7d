import type { Sighting, UnitBox } from './model.ts';

/** One thing followed through a camera's pictures; `id` is of this camera and this run only. Times are milliseconds. */
export interface Track {
  readonly id: number;
  readonly label: string;
  readonly box: UnitBox;
  readonly score: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Tracks {
  readonly nextId: number;
  readonly tracks: readonly Track[];
}

export interface TrackerPolicy {
  /** From this score on, something new is believed; below it, a sighting only keeps a known track alive. */
  readonly newScore: number;
  readonly keepScore: number;
  /** How long a track lives unseen. */
  readonly missMs: number;
  /** Width of the picture over its height. */
  readonly aspect: number;
}

export const noTracks: Tracks = { nextId: 1, tracks: [] };

const minOverlap = 0.2;
/** On foot nobody covers more than this many of their own heights a second. */
const heightsPerSecond = 1.4;

interface Look {
  readonly at: number;
  readonly policy: TrackerPolicy;
}

/**
 * Associates what was seen with what is followed, in two passes: sure sightings first, then unsure ones with the tracks
 * that are left. A track is seen in this picture when its `lastAt` is `at`.
 */
export function follow(before: Tracks, sightings: readonly Sighting[], look: Look): Tracks {
  const { at, policy } = look;
  const sure = sightings.filter(({ score }) => score >= policy.newScore);
  const unsure = sightings.filter(({ score }) => score >= policy.keepScore && score < policy.newScore);
  const first = associate(before.tracks, sure, look);
  const second = associate(first.lost, unsure, look);
  const kept = second.lost.filter(({ lastAt }) => at - lastAt <= policy.missMs);
  const born = first.fresh.map(
    ({ label, box, score }, index): Track => ({
      id: before.nextId + index,
      label,
      box,
      score,
      firstAt: at,
      lastAt: at,
    }),
  );
  return { nextId: before.nextId + born.length, tracks: [...first.seen, ...second.seen, ...kept, ...born] };
}

interface Association {
  readonly seen: readonly Track[];
  readonly lost: readonly Track[];
  readonly fresh: readonly Sighting[];
}

/** The best pairs first, each track and each sighting once. */
function associate(tracks: readonly Track[], sightings: readonly Sighting[], look: Look): Association {
  const pairs = tracks
    .flatMap((track) => sightings.map((sighting) => ({ track, sighting, near: nearness(track, sighting, look) })))
    .filter(({ near }) => near > 0)
    .sort((one, other) => other.near - one.near);
  const matched = new Map<Track, Sighting>();
  const taken = new Set<Sighting>();
  for (const { track, sighting } of pairs) {
    if (matched.has(track) || taken.has(sighting)) continue;
    matched.set(track, sighting);
    taken.add(sighting);
  }
  return {
    seen: [...matched].map(([track, { box, score }]) => ({ ...track, box, score, lastAt: look.at })),
    lost: tracks.filter((track) => !matched.has(track)),
    fresh: sightings.filter((sighting) => !taken.has(sighting)),
  };
}

/** Above 1 by how much they overlap; else up to 1 by how near they are, as far as the time between allows. */
function nearness(track: Track, { label, box }: Sighting, { at, policy }: Look): number {
  if (track.label !== label) return 0;
  const overlap = intersectionOverUnion(track.box, box);
  if (overlap >= minOverlap) return 1 + overlap;
  const height = Math.max(track.box.height, box.height);
  const reach = height * (0.4 + (heightsPerSecond * (at - track.lastAt)) / 1_000);
  const across = (track.box.x + track.box.width / 2 - box.x - box.width / 2) * policy.aspect;
  const along = track.box.y + track.box.height - box.y - box.height;
  return 1 - Math.hypot(across, along) / reach;
}

export function intersectionOverUnion(one: UnitBox, other: UnitBox): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
