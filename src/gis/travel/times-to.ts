import { ArrivalHeap } from './arrival-heap.ts';
import type { Arc, LineArc, RoadGraph } from './road-graph.ts';
import type { RoadSpot } from './road-spot.ts';

/** A part of a way: along a line from one place to another, or through a median. */
export type Leg =
  | Pick<LineArc, 'line' | 'from' | 'to'>
  | Pick<Extract<Arc, { readonly opening: unknown }>, 'opening' | 'onto'>;

export interface Trip {
  readonly seconds: number;
  readonly meters: number;
  /** Follows the way: worth it for a few only. */
  readonly legs: () => Leg[];
}

/** A place this close to a joint is at it. */
const atJointMeters = 1;

/** The nodes that are come to first from the spots. */
export function headsOf(spots: Iterable<RoadSpot>): Set<number> {
  const heads = new Set<number>();
  for (const { arcs } of spots) for (const { head } of arcs) heads.add(head);
  return heads;
}

/** How long it takes to one spot from wherever it was asked for: Dijkstra from the spot backwards, once for all. */
export class TimesTo {
  readonly #graph: RoadGraph;
  readonly #to: RoadSpot;
  readonly #seconds: Float64Array;
  readonly #meters: Float64Array;
  /** The arc on which one leaves each node for the spot; -1 at the spot, and where no way leads. */
  readonly #next: Int32Array;

  /** Stops as soon as it knows of all the nodes in `heads`: no other start may be asked for. */
  constructor(graph: RoadGraph, to: RoadSpot, heads: ReadonlySet<number>) {
    this.#graph = graph;
    this.#to = to;
    this.#seconds = new Float64Array(graph.nodes).fill(Number.POSITIVE_INFINITY);
    this.#meters = new Float64Array(graph.nodes);
    this.#next = new Int32Array(graph.nodes).fill(-1);
    this.#search(heads);
  }

  /** Infinite when no way leads there. */
  secondsFrom(spot: RoadSpot): number {
    let least = Number.POSITIVE_INFINITY;
    for (const arc of spot.arcs) least = Math.min(least, this.#secondsBy(arc, spot.meters));
    return least;
  }

  /** Undefined when no way leads there. */
  from(spot: RoadSpot): Trip | undefined {
    const seconds = this.secondsFrom(spot);
    const arc = spot.arcs.find((each) => this.#secondsBy(each, spot.meters) === seconds);
    if (!arc || !Number.isFinite(seconds)) return undefined;
    const { line } = arc;
    const [from, to] = [spot.meters, this.#isAhead(arc, spot.meters) ? this.#to.meters : arc.to];
    const first = { line, from, to };
    const metersOfFirst = Math.abs(to - from);
    if (this.#isAhead(arc, from)) return { seconds, meters: metersOfFirst, legs: () => [first] };
    const meters = metersOfFirst + (this.#meters[arc.head] ?? 0);
    return { seconds, meters, legs: () => [first, ...this.#legsFrom(arc.head)] };
  }

  /** Setting out so many metres along the arc's line. */
  #secondsBy(arc: LineArc, meters: number): number {
    const { metersPerSecond } = arc.line.driving;
    if (this.#isAhead(arc, meters)) return Math.abs(this.#to.meters - meters) / metersPerSecond;
    return Math.abs(arc.to - meters) / metersPerSecond + (this.#seconds[arc.head] ?? Number.POSITIVE_INFINITY);
  }

  /** The spot lies ahead on the very same arc. */
  #isAhead(arc: LineArc, meters: number): boolean {
    const isAhead = arc.from <= arc.to ? meters <= this.#to.meters : meters >= this.#to.meters;
    return isAhead && this.#to.arcs.includes(arc);
  }

  #legsFrom(node: number): Leg[] {
    const legs: Leg[] = [];
    let arc = this.#graph.arcs[this.#next[node] ?? -1];
    // No way leads twice through a node.
    for (let count = 0; arc && count < this.#graph.nodes; count += 1) {
      if ('opening' in arc) legs.push({ opening: arc.opening, onto: arc.onto });
      else if (this.#to.arcs.includes(arc)) return [...legs, { line: arc.line, from: arc.from, to: this.#to.meters }];
      else legs.push({ line: arc.line, from: arc.from, to: arc.to });
      arc = this.#graph.arcs[this.#next[arc.head] ?? -1];
    }
    return legs;
  }

  #search(heads: ReadonlySet<number>): void {
    let waiting = heads.size;
    const heap = new ArrivalHeap(this.#graph.arcs.length + 2 * this.#to.arcs.length);
    const settled = new Uint8Array(this.#graph.nodes);
    for (const arc of this.#to.arcs) this.#seed(arc, heap);
    for (let node = heap.pop(); node >= 0 && waiting > 0; node = heap.pop()) {
      if (settled[node] === 1) continue;
      settled[node] = 1;
      if (heads.has(node)) waiting -= 1;
      this.#relax(node, heap);
    }
  }

  /** Where the spot's own arc begins; and where it ends, when the spot is there. */
  #seed(arc: LineArc, heap: ArrivalHeap): void {
    const meters = Math.abs(this.#to.meters - arc.from);
    const seconds = meters / arc.line.driving.metersPerSecond;
    if (seconds < (this.#seconds[arc.tail] ?? 0)) this.#reach(arc.tail, { arc: arc.id, seconds, meters }, heap);
    if (Math.abs(arc.to - this.#to.meters) <= atJointMeters)
      this.#reach(arc.head, { arc: -1, seconds: 0, meters: 0 }, heap);
  }

  #relax(node: number, heap: ArrivalHeap): void {
    const { arriving, arrivingFrom, tails, seconds, meters } = this.#graph;
    const so = valueAt(this.#seconds, node);
    const far = valueAt(this.#meters, node);
    const end = valueAt(arrivingFrom, node + 1);
    for (let at = valueAt(arrivingFrom, node); at < end; at += 1) {
      const arc = valueAt(arriving, at);
      const tail = valueAt(tails, arc);
      const later = so + valueAt(seconds, arc);
      if (later >= valueAt(this.#seconds, tail)) continue;
      this.#reach(tail, { arc, seconds: later, meters: far + valueAt(meters, arc) }, heap);
    }
  }

  #reach(
    node: number,
    by: { readonly arc: number; readonly seconds: number; readonly meters: number },
    heap: ArrivalHeap,
  ) {
    this.#seconds[node] = by.seconds;
    this.#meters[node] = by.meters;
    this.#next[node] = by.arc;
    heap.push(node, by.seconds);
  }
}

/** Within bounds, as every index of a graph is. */
const valueAt = (values: Int32Array | Float64Array, index: number) => values[index] ?? 0;
