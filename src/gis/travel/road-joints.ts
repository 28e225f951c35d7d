import type { GeoPoint } from '../point.ts';
import { metersOfFoot } from '../road-foot.ts';
import type { RoadLine } from '../road-line.ts';
import type { Roads } from '../roads.ts';
import { type MedianOpening, medianOpenings } from './median-openings.ts';
import { SameNodes } from './same-nodes.ts';

/** A place on a line where another one joins it, or where it ends. */
export interface Joint {
  /** Along the line. */
  readonly meters: number;
  readonly node: number;
}

/** Where lines join, and where they can be changed through a median. */
export interface RoadJoints {
  readonly nodes: number;
  /** Of every line, in its order. */
  readonly joints: ReadonlyMap<RoadLine, readonly Joint[]>;
  readonly openings: readonly { readonly opening: MedianOpening; readonly up: number; readonly down: number }[];
}

/** A line that ends this close to another one ends at it. */
const touchMeters = 5;
/** Vertices in one square of about 0.4 m are one vertex. */
const squareDegrees = 4e-6;

/**
 * Lines join at vertices that they share, and where one ends at another. Lines that only cross do not: one of them is a
 * bridge. The two carriageways of a road are not joined by coming near each other, only by a vertex they share.
 */
export function findJoints(roads: Roads): RoadJoints {
  const finding = new JointFinding(roads.lines);
  for (const line of roads.lines) finding.addShared(line);
  for (const line of roads.lines) finding.addTouched(line, roads);
  const openings = medianOpenings(roads.lines).map((opening) => ({
    opening,
    up: finding.add(opening.up.line, opening.up.meters),
    down: finding.add(opening.down.line, opening.down.meters),
  }));
  const { numberOf, count } = finding.nodes.numbered();
  const numbered = ({ meters, node }: Joint): Joint => ({ meters, node: numberOf[node] ?? node });
  const inOrder = (found: readonly Joint[]) => found.toSorted((a, b) => a.meters - b.meters).map(numbered);
  return {
    nodes: count,
    joints: new Map([...finding.joints].map(([line, found]) => [line, inOrder(found)])),
    openings: openings.map(({ opening, up, down }) => ({
      opening,
      up: numberOf[up] ?? up,
      down: numberOf[down] ?? down,
    })),
  };
}

const squareOf = ({ lat, lon }: GeoPoint) =>
  Math.round((lon + 180) / squareDegrees) * 100_000_000 + Math.round((lat + 90) / squareDegrees);

class JointFinding {
  readonly nodes = new SameNodes();
  readonly joints = new Map<RoadLine, Joint[]>();
  readonly #verticesIn = new Map<number, number>();
  readonly #nodeOf = new Map<number, number>();

  constructor(lines: readonly RoadLine[]) {
    for (const { points } of lines) {
      for (const point of points) {
        const square = squareOf(point);
        this.#verticesIn.set(square, (this.#verticesIn.get(square) ?? 0) + 1);
      }
    }
  }

  /** A node of its own, there on the line. */
  add(line: RoadLine, meters: number): number {
    const node = this.nodes.add();
    this.#put(line, { meters, node });
    return node;
  }

  /** Both ends of the line, and its vertices that others have too. */
  addShared(line: RoadLine): void {
    const last = line.points.length - 1;
    for (const [index, point] of line.points.entries()) {
      const isEnd = index === 0 || index === last;
      if (isEnd || (this.#verticesIn.get(squareOf(point)) ?? 0) > 1)
        this.#put(line, { meters: line.lengths[index] ?? 0, node: this.#nodeAt(point) });
    }
  }

  /** The lines at which this one ends. */
  addTouched(line: RoadLine, roads: Roads): void {
    for (const end of [line.points.at(0), line.points.at(-1)]) {
      if (!end) continue;
      for (const [other, meters] of touchedBy(line, end, roads)) this.#join(other, { meters, node: this.#nodeAt(end) });
    }
  }

  #join(line: RoadLine, joint: Joint): void {
    const near = this.joints.get(line)?.find(({ meters }) => Math.abs(meters - joint.meters) <= touchMeters);
    if (near) this.nodes.join(near.node, joint.node);
    else this.#put(line, joint);
  }

  #nodeAt(point: GeoPoint): number {
    const square = squareOf(point);
    const node = this.#nodeOf.get(square) ?? this.nodes.add();
    this.#nodeOf.set(square, node);
    return node;
  }

  #put(line: RoadLine, joint: Joint): void {
    const found = this.joints.get(line);
    if (found) found.push(joint);
    else this.joints.set(line, [joint]);
  }
}

/** Each other line at the end, and where on it that is. Of two carriageways that run past it, the nearer one only. */
function touchedBy(line: RoadLine, end: GeoPoint, roads: Roads): Map<RoadLine, number> {
  const touched = new Map<RoadLine, number>();
  const near = roads.feet(end).filter(({ meters }) => meters <= touchMeters);
  for (const foot of near.toSorted((a, b) => a.meters - b.meters)) {
    const other = foot.segment.line;
    const meters = metersOfFoot(foot);
    if (other === line || touched.has(other) || areSidesOfOne(line, other)) continue;
    const across = [...touched].find(([before]) => areSidesOfOne(before, other));
    if (!across || !isPast(other, meters) || !isPast(...across)) touched.set(other, meters);
  }
  return touched;
}

/** Not at either end of the line. */
function isPast({ lengths }: RoadLine, meters: number): boolean {
  return meters > touchMeters && meters < (lengths.at(-1) ?? 0) - touchMeters;
}

function areSidesOfOne(a: RoadLine, b: RoadLine): boolean {
  const [one, other] = [a.carriageway, b.carriageway];
  return a.road === b.road && one !== undefined && other !== undefined && one !== other;
}
