import { bearingDegrees, distanceMeters } from './distance.ts';
import { firstAtLeast } from './first-at-least.ts';
import type { LonLat } from './geojson.ts';
import type { GeoPoint } from './point.ts';
import { type Driving, drivingOf } from './road-driving.ts';
import type { Carriageway, RoadFeature, RoadProperties } from './road-feature.ts';

type Calibration = readonly [meters: number, vertex: number];

/** One line of a road, with the stake of each of its vertices. */
export class RoadLine {
  readonly road: string;
  readonly kind: RoadFeature['properties']['kind'];
  readonly carriageway: Carriageway | undefined;
  readonly properties: RoadProperties;
  readonly driving: Driving;
  readonly points: readonly GeoPoint[];
  /** Metres along the line, from its first vertex to each. */
  readonly lengths: readonly number[];
  /** Metres from the road's beginning, never falling. */
  readonly stakes: readonly number[];

  constructor({ properties, geometry }: RoadFeature) {
    this.road = properties.id;
    this.kind = properties.kind;
    this.carriageway = properties.carriageway;
    this.properties = properties;
    this.driving = drivingOf(properties);
    this.points = geometry.coordinates.map(([lon, lat]: LonLat) => ({ lat, lon }));
    this.lengths = lengthsOf(this.points);
    this.stakes = stakesOf(this.lengths, properties.stakes ?? [], properties.startStakeMeters ?? 0);
  }

  get fromMeters(): number {
    return this.stakes.at(0) ?? 0;
  }

  get toMeters(): number {
    return this.stakes.at(-1) ?? 0;
  }

  /** Where the stake stands; undefined when this line does not reach it. */
  pointAt(stakeMeters: number): GeoPoint | undefined {
    const at = this.#segmentAt(stakeMeters);
    return at && between(at.a, at.b, at.part);
  }

  /** The direction in which stakes rise there, degrees from north. */
  bearingAt(stakeMeters: number): number | undefined {
    const at = this.#segmentAt(stakeMeters);
    return at && bearingDegrees(at.a, at.b);
  }

  #segmentAt(stakeMeters: number): { a: GeoPoint; b: GeoPoint; part: number } | undefined {
    if (!(stakeMeters >= this.fromMeters && stakeMeters <= this.toMeters)) return undefined;
    const end = Math.max(1, firstAtLeast(this.stakes, stakeMeters));
    const [a, b] = [this.points[end - 1], this.points[end]];
    const [from = 0, to = 0] = this.stakes.slice(end - 1, end + 1);
    if (!a || !b) return undefined;
    return { a, b, part: to === from ? 0 : (stakeMeters - from) / (to - from) };
  }
}

export const between = (a: GeoPoint, b: GeoPoint, part: number): GeoPoint => ({
  lat: a.lat + (b.lat - a.lat) * part,
  lon: a.lon + (b.lon - a.lon) * part,
});

/** Length alone, pulled onto the calibrated vertices: real stakes drift from real length by metres in a kilometre. */
function stakesOf(lengths: readonly number[], marks: readonly Calibration[], start: number): number[] {
  const at = (vertex: number) => lengths[Math.min(vertex, lengths.length - 1)] ?? 0;
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last) return lengths.map((length) => start + length);
  return lengths.map((length, vertex) => {
    if (vertex <= first[1]) return first[0] - (at(first[1]) - length);
    if (vertex >= last[1]) return last[0] + (length - at(last[1]));
    const next = marks.findIndex(([, marked]) => marked >= vertex);
    const [from, to] = [marks[next - 1] ?? first, marks[next] ?? last];
    const part = (length - at(from[1])) / (at(to[1]) - at(from[1]) || 1);
    return from[0] + part * (to[0] - from[0]);
  });
}

function lengthsOf(points: readonly GeoPoint[]): number[] {
  let walked = 0;
  return points.map((point, index) => {
    walked += distanceMeters(points[index - 1] ?? point, point);
    return walked;
  });
}
