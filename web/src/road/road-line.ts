import type { Carriageway, Position } from '../api/shapes.ts';
import { bearingTo, distanceMeters } from './geo.ts';

/** A named stretch of a road: a tunnel, a bridge. Metres from the road's zero. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** One carriageway as drawn, with the stake of every vertex. */
export interface RoadLine {
  readonly road: string;
  readonly name: string;
  readonly kind: string;
  readonly carriageway: Carriageway | undefined;
  readonly points: readonly Position[];
  /** Metres from the road's zero, rising, one a vertex. */
  readonly meters: readonly number[];
  readonly tunnels: readonly Stretch[];
  readonly bridges: readonly Stretch[];
}

export interface RoadFeature {
  readonly properties: {
    readonly id: string;
    readonly name?: string;
    readonly kind?: string;
    readonly carriageway?: Carriageway;
    readonly startStakeMeters?: number;
    readonly stakes?: readonly (readonly [meters: number, vertex: number])[];
    readonly tunnels?: readonly (readonly [from: number, to: number, name: string])[];
    readonly bridges?: readonly (readonly [from: number, to: number, name: string])[];
  };
  readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly number[])[] };
}

export function roadLine({ properties, geometry }: RoadFeature): RoadLine {
  const points = geometry.coordinates.map(([lon = 0, lat = 0]) => ({ lat, lon }));
  const stretch = ([from, to, name]: readonly [number, number, string]) => ({ from, to, name });
  return {
    road: properties.id,
    name: properties.name ?? properties.id,
    kind: properties.kind ?? 'local',
    carriageway: properties.carriageway,
    points,
    meters: vertexMeters(points, properties.stakes ?? [], properties.startStakeMeters ?? 0),
    tunnels: (properties.tunnels ?? []).map(stretch),
    bridges: (properties.bridges ?? []).map(stretch),
  };
}

/** Where a stake is and which way the line runs there; undefined off the line. */
export function atStake(line: RoadLine, meters: number): (Position & { readonly bearing: number }) | undefined {
  const next = line.meters.findIndex((value) => value >= meters);
  const index = Math.max(1, next);
  const [a, b] = [line.points[index - 1], line.points[index]];
  const [from, to] = [line.meters[index - 1], line.meters[index]];
  if (next < 0 || !a || !b || from === undefined || to === undefined || meters < from) return undefined;
  const share = to === from ? 0 : (meters - from) / (to - from);
  return { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share, bearing: bearingTo(a, b) };
}

/** The part of the line between two stakes as [lon, lat] pairs; empty when it has none. */
export function betweenStakes(line: RoadLine, from: number, to: number): number[][] {
  const first = line.meters[0] ?? 0;
  const last = line.meters.at(-1) ?? 0;
  const start = atStake(line, Math.max(from, first));
  const end = atStake(line, Math.min(to, last));
  if (!start || !end || to <= from) return [];
  const inside = line.points.filter((_, index) => {
    const meters = line.meters[index] ?? 0;
    return meters > from && meters < to;
  });
  return [start, ...inside, end].map(({ lon, lat }) => [lon, lat]);
}

function vertexMeters(
  points: readonly Position[],
  stakes: readonly (readonly [meters: number, vertex: number])[],
  start: number,
): number[] {
  const walked = [start];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before) walked.push((walked[index - 1] ?? start) + distanceMeters(before, point));
  }
  if (stakes.length < 2) return walked;
  return walked.map((_, vertex) => staked(stakes, vertex) ?? walked[vertex] ?? start);
}

function staked(stakes: readonly (readonly [meters: number, vertex: number])[], vertex: number): number | undefined {
  const next = Math.max(
    1,
    stakes.findIndex(([, at]) => at >= vertex),
  );
  const [a, b] = [stakes[next - 1], stakes[next]];
  if (!a || !b) return undefined;
  return a[0] + ((b[0] - a[0]) * (vertex - a[1])) / (b[1] - a[1]);
}
