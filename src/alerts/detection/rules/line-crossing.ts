import type { Track } from '../tracker.ts';
import { type Corner, footOf, type Line, lineName } from '../zone.ts';
import { nextEvent, type RuleEvent, type Step } from './rule-event.ts';
import { meant, type Picture, type RulePolicy } from './rule-policy.ts';

export interface LinePolicy extends RulePolicy {
  readonly line: Line;
}

/** Where a track was when it was last clear of the line. */
interface ClearOfLine {
  readonly track: number;
  readonly foot: Corner;
}

export interface LineState {
  readonly event: RuleEvent;
  readonly clear: readonly ClearOfLine[];
  /** How many have crossed since the event began. */
  readonly crossed: number;
}

export const nobodyCrossed: LineState = { event: {}, clear: [], crossed: 0 };

/** Nearer to the line than this part of its height, a trembling box is on neither side. */
const margin = 0.1;

/**
 * Something goes over the line to a side that is watched: `left` and `right` are those of who walks the line from its first
 * point to its last. A picture's crossing is told at once; the event is over when nobody crossed for a while.
 */
export function judgeLine(policy: LinePolicy, before: LineState, picture: Picture): Step<LineState> {
  const { at, aspect, tracks } = picture;
  const seen = meant(policy, picture);
  const points = policy.line.points.map(scaled(aspect));
  const clear = seen.filter(({ box }) => distanceTo(points, scaled(aspect)(footOf(box))) > box.height * margin);
  const sides = new Map(clear.map((track) => [track.id, sideCrossedTo(before, track, { points, aspect })]));
  const { direction = 'both' } = policy.line;
  const over = clear.filter(({ id }) => {
    const side = sides.get(id);
    return side !== undefined && (direction === 'both' || direction === side);
  });
  const [track] = over.toSorted((one, other) => other.score - one.score);
  const crossed = (before.event.open ? before.crossed : 0) + over.length;
  const side = track && sides.get(track.id);
  const reasons = side ? reasonsOf(policy, side, crossed) : [];
  const offence = track && { track, tracks: over, dwellMs: at - track.firstAt, reasons };
  const { event, verdict } = nextEvent(before.event, { at, offence, isOccupied: false }, policy);
  const left = before.clear.filter(
    (each) => tracks.some(({ id }) => id === each.track) && !clear.some(({ id }) => id === each.track),
  );
  const now = clear.map(({ id, box }) => ({ track: id, foot: footOf(box) }));
  return { state: { event, clear: [...now, ...left], crossed: event.open ? crossed : 0 }, verdict };
}

type Side = 'left' | 'right';
const sideNames: Readonly<Record<Side, string>> = { left: '右侧到左侧', right: '左侧到右侧' };

function reasonsOf({ line }: LinePolicy, side: Side, crossed: number) {
  const across = { text: `从${lineName(line)}的${sideNames[side]}越过` };
  return crossed > 1 ? [across, { text: `本次共 ${crossed} 个越过`, value: crossed }] : [across];
}

const scaled =
  (aspect: number) =>
  ([x, y]: Corner): Corner => [x * aspect, y];

interface DrawnLine {
  readonly points: readonly Corner[];
  readonly aspect: number;
}

/** To which side a track went since it was last clear of the line; undefined when it is where it was. */
function sideCrossedTo({ clear }: LineState, { id, box }: Track, { points, aspect }: DrawnLine): Side | undefined {
  const before = clear.find(({ track }) => track === id);
  if (!before) return undefined;
  const [from, to] = [scaled(aspect)(before.foot), scaled(aspect)(footOf(box))];
  const crossings = segmentsOf(points).filter(
    ([a, b]) => isRightOf(a, b, from) !== isRightOf(a, b, to) && isRightOf(from, to, a) !== isRightOf(from, to, b),
  );
  const last = crossings.at(-1);
  // There and back again over a bent line is no crossing.
  if (!last || crossings.length % 2 === 0) return undefined;
  return isRightOf(...last, to) ? 'right' : 'left';
}

/** Is the point on the right of the way from `a` to `b`, as a picture is seen (its y grows downwards)? */
function isRightOf([ax, ay]: Corner, [bx, by]: Corner, [x, y]: Corner): boolean {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0;
}

function segmentsOf(points: readonly Corner[]): [Corner, Corner][] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index];
    return from ? [[from, to] as [Corner, Corner]] : [];
  });
}

function distanceTo(points: readonly Corner[], [x, y]: Corner): number {
  const distances = segmentsOf(points).map(([[ax, ay], [bx, by]]) => {
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    return Math.hypot(x - ax - share * dx, y - ay - share * dy);
  });
  return Math.min(...distances);
}
