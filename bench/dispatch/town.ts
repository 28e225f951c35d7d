import type { Sendable } from '../../src/dispatch/candidates/sendable.ts';
import { localFrame } from '../../src/gis/local-frame.ts';
import type { GeoPoint } from '../../src/gis/point.ts';
import type { RoadFeature, RoadsGeoJson } from '../../src/gis/road-feature.ts';

const blockMeters = 150;
const frame = localFrame({ lat: 27.3, lon: 105.3 });

/** A chance that is the same each time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Town {
  readonly roads: RoadsGeoJson;
  readonly segments: number;
  /** Every crossing. */
  readonly corners: readonly GeoPoint[];
}

/** Crooked streets on a grid that cross at their vertices, every third of them one-way: at least so many segments. */
export function drawTown(segments: number): Town {
  const random = chance(7);
  const side = Math.ceil((1 + Math.sqrt(1 + 2 * segments)) / 2);
  const shift = () => (random() - 0.5) * 60;
  const grid = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) =>
      frame.toPoint([column * blockMeters + shift(), row * blockMeters + shift()]),
    ),
  );
  const columns = Array.from({ length: side }, (_, column) => grid.flatMap((row) => row[column] ?? []));
  const features = [...grid, ...columns].map((points, index) => street(points, index));
  return { roads: { type: 'FeatureCollection', features }, segments: 2 * side * (side - 1), corners: grid.flat() };
}

function street(points: readonly GeoPoint[], index: number): RoadFeature {
  const coordinates = points.map(({ lat, lon }) => [lon, lat] as const);
  const kind = index % 10 === 0 ? 'trunk' : 'local';
  return {
    type: 'Feature',
    properties: { id: `S${index}`, kind, oneway: index % 3 === 1, speed: 20 + ((index * 7) % 50) },
    geometry: { type: 'LineString', coordinates },
  };
}

const kindsOfUnits = [
  { kind: 'patrol', status: 'free', skills: ['tow'] },
  { kind: 'rescue', status: 'free', skills: ['warning-cones'] },
  { kind: 'road', status: 'en_route', skills: [] },
] as const;

/** Units that stand and drive near the corners. */
export function unitsIn({ corners }: Town, count: number, at: Date): Sendable[] {
  const random = chance(11);
  const aside = () => (random() - 0.5) / 1_500;
  return Array.from({ length: count }, (_, n): Sendable => {
    const corner = corners[Math.floor(random() * corners.length)] ?? { lat: 0, lon: 0 };
    const point = { lat: corner.lat + aside(), lon: corner.lon + aside() };
    const isEven = n % 2 === 0;
    return {
      ...(kindsOfUnits[n % kindsOfUnits.length] ?? kindsOfUnits[0]),
      id: `unit-${n}`,
      online: n % 13 > 0,
      area: isEven ? 'west' : 'east',
      shift: { hours: [isEven ? '08:00-20:00' : '20:00-08:00'] },
      seen: { at, sight: { point, ...(isEven && { heading: random() * 360 }) } },
    };
  });
}
