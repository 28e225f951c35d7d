import { type Static, Type } from 'typebox';
import type { SimplifiedTrack, TrackPoint } from './track-line.ts';

const Pair = Type.Array(Type.Number());

/**
 * A track as a GeoJSON Feature (RFC 7946): a line for each stretch without a silence, the time of each position beside it.
 * `items` is the same as a plain list.
 */
export const TrackFeature = Type.Object({
  type: Type.Literal('Feature'),
  geometry: Type.Union([
    Type.Null(),
    Type.Object({ type: Type.Literal('MultiLineString'), coordinates: Type.Array(Type.Array(Pair)) }),
  ]),
  properties: Type.Object({
    unit: Type.String(),
    /** Metres: above what was asked where the answer would have been too long. */
    tolerance: Type.Number(),
    /** Seconds of silence after which a new line begins. */
    gap: Type.Number(),
    coordTimes: Type.Array(Type.Array(Type.String())),
  }),
  items: Type.Array(Type.Object({ at: Type.String(), lat: Type.Number(), lon: Type.Number() })),
});
export type TrackFeature = Static<typeof TrackFeature>;

export function trackFeature(unit: string, { lines, toleranceMeters, gapMs }: SimplifiedTrack): TrackFeature {
  const drawn = lines.map(drawable);
  const coordinates = drawn.map((line) => line.map(({ lat, lon }) => [lon, lat]));
  return {
    type: 'Feature',
    geometry: drawn.length > 0 ? { type: 'MultiLineString', coordinates } : null,
    properties: {
      unit,
      tolerance: Math.ceil(toleranceMeters * 100) / 100,
      gap: gapMs / 1_000,
      coordTimes: drawn.map((line) => line.map(({ at }) => at.toISOString())),
    },
    items: lines.flat().map(({ at, lat, lon }) => ({ at: at.toISOString(), lat, lon })),
  };
}

/** A line has two positions at least (RFC 7946 §3.1.4): a lone one is there twice. */
function drawable(line: readonly TrackPoint[]): readonly TrackPoint[] {
  return line.length === 1 ? [...line, ...line] : line;
}
