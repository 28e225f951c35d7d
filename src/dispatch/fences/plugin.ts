import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { GeoPoint } from '../../gis/point.ts';
import type { Actor } from '../../shared/actor.ts';
import type { FenceCrossing } from '../../store/unit-fences-repository.ts';
import type { UnitBoard } from '../unit-board.ts';
import { seenUnit } from '../unit-sight.ts';
import type { FenceWatch } from './fence-watch.ts';

export interface FencesOptions {
  readonly units: UnitBoard;
  readonly fences: FenceWatch;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const config = { access: 'any' } as const;
const UnitId = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Page = Type.Object({
  from: Type.Optional(Type.String({ format: 'date-time' })),
  to: Type.Optional(Type.String({ format: 'date-time' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const Crossing = Type.Object({
  id: Type.String(),
  fence: Type.String(),
  /** Left out when the fence is no more. */
  name: Type.Optional(Type.String()),
  kind: Type.Enum(['enter', 'leave']),
  at: Type.String(),
  position: GeoPoint,
});
const CrossingPage = Type.Object({ items: Type.Array(Crossing), next: Type.Optional(Type.String()) });

/** How units came into geofences and went out, over HTTP. */
export const fencesPlugin: FastifyPluginAsyncTypebox<FencesOptions> = async (app, { units, fences, actorOf }) => {
  const view = ({ id, fence, kind, at, point }: FenceCrossing) => {
    const name = fences.nameOf(fence);
    return { id, fence, ...(name !== undefined && { name }), kind, at: at.toISOString(), position: point };
  };

  const list = { params: UnitId, querystring: Page, response: { 200: CrossingPage }, tags: ['units'] };
  app.get('/units/:id/fences', { config, schema: list }, async (request) => {
    const { id } = seenUnit(units, request.params.id, actorOf(request));
    const { from, to, cursor, limit } = request.query;
    const span = { ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) };
    const rows = await fences.crossings({ unit: id, ...span, before: cursor, limit });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows.map(view), ...(last && { next: last.id }) };
  });
};
