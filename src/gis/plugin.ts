import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { AreasGeoJson } from './area-feature.ts';
import type { LandGeoJson, MapConfig } from './config.ts';
import { toWgs84 } from './datum.ts';
import { AnyFeatureCollection, geoJsonType } from './geojson.ts';
import { GeoPoint } from './point.ts';
import type { RoadsGeoJson } from './road-feature.ts';

export interface GisOptions {
  readonly map: MapConfig;
  /** As they are at the moment. */
  readonly roads: () => RoadsGeoJson;
  readonly areas: AreasGeoJson;
  readonly land: LandGeoJson;
}

const MapAnswer = Type.Object({ title: Type.String(), center: GeoPoint, zoom: Type.Number() });

/** The ground of the wall: everybody who is logged in sees all of it. */
export const gisPlugin: FastifyPluginAsyncTypebox<GisOptions> = async (app, { map, roads, areas, land }) => {
  const config = { access: 'any' } as const;
  const geojson = { response: { 200: AnyFeatureCollection }, tags: ['map'] };

  app.get('/map', { config, schema: { response: { 200: MapAnswer }, tags: ['map'] } }, async () => ({
    title: map.title,
    center: toWgs84(map.center),
    zoom: map.zoom,
  }));

  for (const [name, collection] of Object.entries({ roads, areas: () => areas, land: () => land })) {
    app.get(`/${name}.geojson`, { config, schema: geojson }, async (_, reply) => {
      reply.type(geoJsonType);
      return collection();
    });
  }
};
