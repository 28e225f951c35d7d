import { footDistance, intersectionOverUnion } from './box.ts';
import { foldKinds } from './fold-kinds.ts';
import { familyOf } from './labels.ts';
import type { Sighting, UnitBox } from './model.ts';
import { type Motion, measuredMotion, predicted, still } from './motion.ts';

/** One thing followed through a camera's pictures; `id` is of this camera and this run only. Times are milliseconds. */
export interface Track {
  readonly id: number;
  /** What it was first taken for. */
  readonly label: string;
  /** Where it was last seen. */
  readonly box: UnitBox;
  /** Of the surest look at it: what it is believed for. */
  readonly score: number;
  /** From which score on its kind is believed, where it is not the common one. */
  readonly limit?: number | undefined;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Left out until it was seen twice. */
  readonly motion?: Motion | undefined;
}

export interface Tracks {
  readonly nextId: number;
  /** By id. */
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
/** A car that is called a truck in one picture of ten is the same car, when it stands where the car should be. */
const sameThingOverlap = 0.5;
/** On foot nobody covers more than this many of their own heights a second. */
const heightsOnFoot = 1.4;
/** A vehicle of 1.5 m at 22 m/s, seen from its side, would; once its speed is known it is looked for where it should be. */
const heightsDriven = 4;
/** What is near but does not overlap is the same thing only at about the same size. */
const mostGrowth = 2;

interface Look {
  readonly at: number;
  readonly policy: TrackerPolicy;
}

/**
 * Associates what was seen with what is followed, in two passes as ByteTrack does: sure sightings first, then unsure ones
 * with the tracks that are left. A track is seen in this picture when its `lastAt` is `at`. The order of the sightings
 * means nothing.
 */
export function follow(before: Tracks, sightings: readonly Sighting[], look: Look): Tracks {
  const { at, policy } = look;
  const ordered = foldKinds(sightings).toSorted(byWorth);
  const sure = ordered.filter((sighting) => worthOf(sighting, policy) >= policy.newScore);
  const poor = ordered.filter((sighting) => worthOf(sighting, policy) < policy.newScore);
  const unsure = poor.filter((sighting) => worthOf(sighting, policy) >= policy.keepScore);
  const first = associate(before.tracks, sure, look);
  const second = associate(first.lost, unsure, look);
  const kept = second.lost.filter(({ lastAt }) => at - lastAt <= policy.missMs);
  const born = first.fresh.map((sighting, index): Track => {
    const { label, box, score, limit } = sighting;
    return { id: before.nextId + index, label, box, score, ...(limit && { limit }), firstAt: at, lastAt: at };
  });
  const tracks = [...first.seen, ...second.seen, ...kept, ...born].toSorted((one, other) => one.id - other.id);
  return { nextId: before.nextId + born.length, tracks };
}

/** A kind of thing with a limit of its own is measured by that. */
function worthOf({ score, limit }: Sighting, { newScore }: TrackerPolicy): number {
  return limit === undefined ? score : (score / limit) * newScore;
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
    seen: [...matched].map(([track, sighting]) => seenAgain(track, sighting, look.at)),
    lost: tracks.filter((track) => !matched.has(track)),
    fresh: sightings.filter((sighting) => !taken.has(sighting)),
  };
}

function seenAgain(track: Track, { box, score }: Sighting, at: number): Track {
  const seconds = (at - track.lastAt) / 1_000;
  return {
    ...track,
    box,
    score: Math.max(track.score, score),
    lastAt: at,
    motion: measuredMotion(track.box, track.motion ?? still, { box, seconds }),
  };
}

/**
 * Above 1 by how much they overlap, where it was or where it should be by now; else up to 1 by how near they are, as far as
 * the time between allows.
 */
function nearness(track: Track, { label, box }: Sighting, look: Look): number {
  const family = familyOf(track.label);
  if (track.label !== label && family !== familyOf(label)) return 0;
  const seconds = (look.at - track.lastAt) / 1_000;
  const expected = track.motion ? predicted(track.box, track.motion, seconds) : track.box;
  const overlap = Math.max(intersectionOverUnion(expected, box), intersectionOverUnion(track.box, box));
  if (track.label !== label) return overlap >= sameThingOverlap ? overlap : 0;
  if (overlap >= minOverlap) return 1 + overlap;
  const candidate = { track, expected, box, seconds, isDriven: family === 'vehicle' };
  const within = reach(candidate);
  return within > 0 ? 1 - distance(candidate, look.policy.aspect) / within : 0;
}

interface Candidate {
  readonly track: Track;
  readonly expected: UnitBox;
  readonly box: UnitBox;
  readonly seconds: number;
  readonly isDriven: boolean;
}

/** Who walks may stop or turn; a car goes on: the next one in its place is not the same car driving back. */
function distance({ track, expected, box, isDriven }: Candidate, aspect: number): number {
  const toExpected = footDistance(expected, box, aspect);
  return isDriven ? toExpected : Math.min(toExpected, footDistance(track.box, box, aspect));
}

/** In heights of the picture; nothing at all when the sizes are too different. */
function reach({ track, box, seconds, isDriven }: Candidate): number {
  const growth = box.height / track.box.height;
  if (growth > mostGrowth || growth < 1 / mostGrowth) return 0;
  const perSecond = isDriven && !track.motion ? heightsDriven : heightsOnFoot;
  return Math.max(track.box.height, box.height) * (0.4 + perSecond * seconds);
}

/** Equal pairs are decided by what the boxes are, never by the order in which a model lists them. */
function byWorth(one: Sighting, other: Sighting): number {
  return (
    other.score - one.score ||
    one.box.x - other.box.x ||
    one.box.y - other.box.y ||
    one.box.width - other.box.width ||
    one.box.height - other.box.height ||
    (one.label < other.label ? -1 : Number(one.label > other.label))
  );
}
