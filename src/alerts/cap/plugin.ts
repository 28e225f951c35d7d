import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { AnyFeatureCollection, geoJsonType } from '../../gis/geojson.ts';
import type { Actor } from '../../shared/actor.ts';
import type { WarningFeeds } from './warning-feeds.ts';

export interface WarningsOptions {
  readonly warnings: WarningFeeds;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

/** The weather warnings in force, as ground on the map. */
export const warningsPlugin: FastifyPluginAsyncTypebox<WarningsOptions> = async (app, { warnings, actorOf }) => {
  const schema = { response: { 200: AnyFeatureCollection }, tags: ['map'] };
  app.get('/warnings.geojson', { config: { access: 'any' }, schema }, async (request, reply) => {
    reply.type(geoJsonType);
    return warnings.features(actorOf(request));
  });
};
