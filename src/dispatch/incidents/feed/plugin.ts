import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { featureCollection, geoJsonType, pointFeature } from '../../../gis/geojson.ts';
import type { Actor } from '../../../shared/actor.ts';
import { entityTag, isKnownTag } from '../../../shared/entity-tag.ts';
import type { IncidentBook } from '../incident-book.ts';

export interface IncidentFeedPluginOptions {
  readonly book: Pick<IncidentBook, 'onMap'>;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

/** Open incidents for programs elsewhere, as GeoJSON: who has the newest already is told so. */
export const incidentFeedPlugin: FastifyPluginAsyncTypebox<IncidentFeedPluginOptions> = async (app, options) => {
  const { book, actorOf } = options;
  const schema = { response: { 200: Type.String(), 304: Type.Null() }, tags: ['feeds'] };
  app.get('/feeds/incidents.geojson', { config: { access: 'any' }, schema }, async (request, reply) => {
    const items = await book.onMap({}, actorOf(request));
    const features = items.map(({ position, ...incident }) => pointFeature(position, incident));
    const text = JSON.stringify(featureCollection(features));
    const tag = entityTag(text);
    reply.type(geoJsonType).headers({ etag: tag, 'cache-control': 'private, no-cache' });
    return isKnownTag(tag, request.headers['if-none-match']) ? reply.code(304).send(null) : reply.send(text);
  });
};
