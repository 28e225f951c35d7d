import { pointAlong } from '../along-line.ts';
import { distanceMeters } from '../distance.ts';
import { firstAtLeast } from '../first-at-least.ts';
import type { RoadLine } from '../road-line.ts';
import type { Roads } from '../roads.ts';
import type { MedianOpening } from './median-openings.ts';
import { findJoints, type Joint } from './road-joints.ts';

/** What is driven from one joint to the next: a stretch of a line, one way, or an opening of a median. */
export type Arc = {
  readonly id: number;
  readonly tail: number;
  readonly head: number;
  readonly meters: number;
  readonly seconds: number;
} & (
  | { readonly line: RoadLine; readonly from: number; readonly to: number }
  | { readonly opening: MedianOpening; readonly onto: 'up' | 'down' }
);

/** A stretch of a line: its arcs stand one after another in both lists. */
export type LineArc = Extract<Arc, { readonly line: RoadLine }>;

/** Somebody has to get out, and open the barrier. */
const openingSeconds = 60;

/** The roads as they are driven: nodes where lines join, and arcs from each to the next. Built once, never changed. */
export class RoadGraph {
  readonly roads: Roads;
  readonly nodes: number;
  readonly arcs: readonly Arc[];
  /** Arcs that end at a node: those of node `n` are `arriving` from `arrivingFrom[n]` to before `arrivingFrom[n + 1]`. */
  readonly arriving: Int32Array;
  readonly arrivingFrom: Int32Array;
  readonly tails: Int32Array;
  readonly seconds: Float64Array;
  readonly meters: Float64Array;
  /** Of each line: where its stretches end, and the arcs of each. */
  readonly #stretches: ReadonlyMap<RoadLine, Stretches>;

  constructor(roads: Roads) {
    const { nodes, joints, openings } = findJoints(roads);
    const arcs: Arc[] = [];
    this.roads = roads;
    this.nodes = nodes;
    this.#stretches = new Map([...joints].map(([line, found]) => [line, stretchesOf(line, found, arcs)]));
    for (const { opening, up, down } of openings) addOpening(arcs, opening, { up, down });
    this.arcs = arcs;
    this.tails = Int32Array.from(arcs, ({ tail }) => tail);
    this.seconds = Float64Array.from(arcs, ({ seconds }) => seconds);
    this.meters = Float64Array.from(arcs, ({ meters }) => meters);
    const [from, sorted] = byHead(nodes, arcs);
    this.arrivingFrom = from;
    this.arriving = sorted;
  }

  /** The arcs on which one drives at a place so many metres along the line: one, or one for each way. */
  arcsAt(line: RoadLine, meters: number): readonly LineArc[] {
    const stretches = this.#stretches.get(line);
    return stretches?.arcs[firstAtLeast(stretches.ends, meters)] ?? [];
  }
}

interface Stretches {
  /** Metres along the line, rising. */
  readonly ends: Float64Array;
  readonly arcs: readonly (readonly LineArc[])[];
}

function stretchesOf(line: RoadLine, joints: readonly Joint[], arcs: Arc[]): Stretches {
  const stretches = joints.slice(1).map((end, index): readonly LineArc[] => {
    const start = joints[index] ?? end;
    const { along, against, metersPerSecond } = line.driving;
    const meters = end.meters - start.meters;
    const add = (a: Joint, b: Joint): LineArc => {
      const arc = { id: arcs.length, tail: a.node, head: b.node, meters, seconds: meters / metersPerSecond };
      const onLine = { ...arc, line, from: a.meters, to: b.meters };
      arcs.push(onLine);
      return onLine;
    };
    return [...(along ? [add(start, end)] : []), ...(against ? [add(end, start)] : [])];
  });
  return { ends: Float64Array.from(joints.slice(1), ({ meters }) => meters), arcs: stretches };
}

function addOpening(arcs: Arc[], opening: MedianOpening, nodes: { readonly up: number; readonly down: number }): void {
  const { up, down } = opening;
  const meters = distanceMeters(pointAlong(up.line, up.meters), pointAlong(down.line, down.meters));
  const ways = [
    { onto: 'down', tail: nodes.up, head: nodes.down },
    { onto: 'up', tail: nodes.down, head: nodes.up },
  ] as const;
  for (const way of ways) arcs.push({ id: arcs.length, ...way, meters, seconds: openingSeconds, opening });
}

/** The arcs sorted by where they end, and where each node's begin. */
function byHead(nodes: number, arcs: readonly Arc[]): readonly [from: Int32Array, arcs: Int32Array] {
  const from = new Int32Array(nodes + 1);
  for (const { head } of arcs) from[head + 1] = (from[head + 1] ?? 0) + 1;
  for (let node = 0; node < nodes; node += 1) from[node + 1] = (from[node + 1] ?? 0) + (from[node] ?? 0);
  const next = from.slice();
  const sorted = new Int32Array(arcs.length);
  for (const { id, head } of arcs) {
    const at = next[head] ?? 0;
    sorted[at] = id;
    next[head] = at + 1;
  }
  return [from, sorted];
}
