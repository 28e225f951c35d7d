import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../gis/geojson.ts';
import { type Actor, maySee } from '../shared/actor.ts';
import type { Downlink } from './downlink/downlink.ts';
import { downlinkPlugin } from './downlink/plugin.ts';
import type { FenceWatch } from './fences/fence-watch.ts';
import { fencesPlugin } from './fences/plugin.ts';
import { TrackFeature, trackFeature } from './track-feature.ts';
import { Unit } from './unit.ts';
import type { UnitBoard } from './unit-board.ts';
import { seenUnit } from './unit-sight.ts';
import type { UnitTracks } from './unit-tracks.ts';

export interface DispatchOptions {
  readonly units: UnitBoard;
  readonly tracks: UnitTracks;
  readonly fences: FenceWatch;
  readonly downlink: Downlink;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const trailMs = 600_000;
const tags = ['units'];
const config = { access: 'any' } as const;
const UnitId = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const UnitPage = Type.Object({ items: Type.Array(Unit), next: Type.Optional(Type.String()) });
const TrackQuery = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time' })),
  to: Type.Optional(Type.String({ format: 'date-time' })),
  tolerance: Type.Number({ minimum: 0, maximum: 10_000, default: 5, description: 'metres a line may be off' }),
});

/** The units over HTTP: an account sees those of its areas. */
export const dispatchPlugin: FastifyPluginAsyncTypebox<DispatchOptions> = async (app, options) => {
  const { units, tracks, fences, downlink, actorOf } = options;
  const visible = (request: FastifyRequest) => units.list().filter(({ area }) => maySee(actorOf(request), area));
  const visibleUnit = (request: FastifyRequest, id: string) => seenUnit(units, id, actorOf(request));

  await app.register(fencesPlugin, { units, fences, actorOf });
  await app.register(downlinkPlugin, { units, downlink, actorOf });

  const list = { querystring: Page, response: { 200: UnitPage }, tags };
  app.get('/units', { config, schema: list }, async (request) => pageOf(visible(request), request.query));

  const one = { params: UnitId, response: { 200: Unit }, tags };
  app.get('/units/:id', { config, schema: one }, async (request) => visibleUnit(request, request.params.id));

  const geojson = { response: { 200: AnyFeatureCollection }, tags };
  app.get('/units.geojson', { config, schema: geojson }, async (request, reply) => {
    reply.type(geoJsonType);
    return featureCollection(visible(request).map(({ position, ...unit }) => pointFeature(position, unit)));
  });

  const track = { params: UnitId, querystring: TrackQuery, response: { 200: TrackFeature }, tags };
  app.get('/units/:id/track', { config, schema: track }, async (request) => {
    const { id } = visibleUnit(request, request.params.id);
    const { tolerance: toleranceMeters } = request.query;
    const to = new Date(request.query.to ?? Date.now());
    const from = new Date(request.query.from ?? to.getTime() - trailMs);
    return trackFeature(id, await tracks.track({ device: units.terminalOf(id) ?? id, from, to, toleranceMeters }));
  });
};

function pageOf(units: readonly Unit[], { cursor, limit }: { cursor?: string; limit: number }) {
  const rest = units.filter(({ id }) => cursor === undefined || id > cursor).sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1)?.id;
  return { items, ...(rest.length > limit && last !== undefined && { next: last }) };
}
