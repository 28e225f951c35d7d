import { type Static, Type } from 'typebox';
import { Feature, FeatureCollection, MultiPolygon, Polygon } from './geojson.ts';

/** An area of responsibility (辖区): accounts, cameras and units belong to one by its `id`. */
export const AreaFeature = Feature(
  Type.Union([Polygon, MultiPolygon], {
    description: 'a Polygon or MultiPolygon of closed rings of [longitude, latitude]',
  }),
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64, description: 'the id that accounts, cameras and units name' }),
    name: Type.String({ description: 'the name people read' }),
    fence: Type.Optional(Type.Boolean({ description: 'true where every unit that enters or leaves is an event' })),
  }),
);
export type AreaFeature = Static<typeof AreaFeature>;

/** What `areas.geojson` holds; where two overlap, the earlier one has the point. */
export const AreasGeoJson = FeatureCollection(AreaFeature);
export type AreasGeoJson = Static<typeof AreasGeoJson>;

export function polygonsOf({ geometry }: AreaFeature) {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}
