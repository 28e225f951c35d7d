import { type Static, type TSchema, Type } from 'typebox';
import { Latitude, Longitude } from './point.ts';

/** A position: longitude first, an altitude is allowed and ignored (RFC 7946 §3.1.1). */
export type LonLat = readonly [lon: number, lat: number, altitude?: number];
export const LonLat = Type.Unsafe<LonLat>({
  type: 'array',
  prefixItems: [Longitude, Latitude],
  items: Type.Number(),
  minItems: 2,
  maxItems: 3,
});

export const LineString = Type.Object({
  type: Type.Literal('LineString', { description: 'a LineString' }),
  coordinates: Type.Array(LonLat, { minItems: 2 }),
});

/** First and last position are the same; the first ring is the outer one, the others are holes (RFC 7946 §3.1.6). */
export const LinearRing = Type.Array(LonLat, { minItems: 4 });
export const Polygon = Type.Object({
  type: Type.Literal('Polygon'),
  coordinates: Type.Array(LinearRing, { minItems: 1 }),
});
export type Polygon = Static<typeof Polygon>;
export const MultiPolygon = Type.Object({
  type: Type.Literal('MultiPolygon'),
  coordinates: Type.Array(Type.Array(LinearRing, { minItems: 1 })),
});

/** Foreign members and further properties are kept: map editors write their own (RFC 7946 §6.1). */
export const Feature = <Geometry extends TSchema, Properties extends TSchema>(
  geometry: Geometry,
  properties: Properties,
) => Type.Object({ type: Type.Literal('Feature', { description: 'a Feature' }), properties, geometry });

export const FeatureCollection = <Item extends TSchema>(feature: Item) =>
  Type.Object({
    type: Type.Literal('FeatureCollection', { description: 'a FeatureCollection' }),
    features: Type.Array(feature, { maxItems: 100_000 }),
  });

/** Any GeoJSON: what the routes declare that they answer with. */
export const AnyFeatureCollection = FeatureCollection(
  Feature(
    Type.Union([Type.Null(), Type.Object({ type: Type.String(), coordinates: Type.Unknown() })]),
    Type.Record(Type.String(), Type.Unknown()),
  ),
);
export type AnyFeatureCollection = Static<typeof AnyFeatureCollection>;
type AnyFeature = AnyFeatureCollection['features'][number];

/** A Feature at a point, or with a null geometry when nobody knows where it is (RFC 7946 §3.2). */
export function pointFeature(
  position: { readonly lat: number; readonly lon: number } | undefined,
  properties: Readonly<Record<string, unknown>>,
): AnyFeature {
  const geometry = position ? { type: 'Point', coordinates: [position.lon, position.lat] } : null;
  return { type: 'Feature', properties: { ...properties }, geometry };
}

export function featureCollection(features: readonly AnyFeature[]): AnyFeatureCollection {
  return { type: 'FeatureCollection', features: [...features] };
}

/** The media type of a GeoJSON answer (RFC 7946 §12). */
export const geoJsonType = 'application/geo+json';
