import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import type { UnitBoard } from '../unit-board.ts';
import { seenUnit } from '../unit-sight.ts';
import type { Downlink } from './downlink.ts';
import { NewMessage, UnitMessage } from './unit-message.ts';

export interface DownlinkPluginOptions {
  readonly units: UnitBoard;
  readonly downlink: Downlink;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const UnitId = Type.Object({ id: Type.String({ maxLength: 64 }) });
const Key = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$', description: 'the same key is the same message, sent once' }),
  ),
});
const Page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const MessagePage = Type.Object({ items: Type.Array(UnitMessage), next: Type.Optional(Type.String()) });

/** Messages to units over HTTP: who writes sees the unit. */
export const downlinkPlugin: FastifyPluginAsyncTypebox<DownlinkPluginOptions> = async (app, options) => {
  const { units, downlink, actorOf } = options;
  const tags = ['units'];

  const write = { params: UnitId, headers: Key, body: NewMessage, response: { 201: UnitMessage }, tags };
  app.post('/units/:id/messages', { config: { access: ['seat'] }, schema: write }, async (request, reply) => {
    const actor = actorOf(request);
    const { id: unit } = seenUnit(units, request.params.id, actor);
    const key = request.headers['idempotency-key'];
    return reply.code(201).send(await downlink.send({ ...request.body, unit }, { actor, key }));
  });

  const list = { params: UnitId, querystring: Page, response: { 200: MessagePage }, tags };
  app.get('/units/:id/messages', { config: { access: ['seat', 'reviewer'] }, schema: list }, async (request) => {
    const { id: unit } = seenUnit(units, request.params.id, actorOf(request));
    const { cursor, limit } = request.query;
    const items = await downlink.page({ unit, before: cursor, limit });
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, ...(last && { next: last.id }) };
  });
};
