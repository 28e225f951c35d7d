import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { Handover } from './handover.ts';
import type { Handovers } from './handovers.ts';

export interface HandoversPluginOptions {
  readonly handovers: Handovers;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const HandoverId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Giving = Type.Object(
  {
    /** Account name of who takes the shift; anybody may, when it is left out. */
    to: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
    notes: Type.String({ maxLength: 4_000, default: '' }),
  },
  { additionalProperties: false },
);
const Page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
});
const HandoverList = Type.Object({ items: Type.Array(Handover), next: Type.Optional(Type.String()) });

/** Shift handovers over HTTP: seats give and take, reviewers read. */
export const handoversPlugin: FastifyPluginAsyncTypebox<HandoversPluginOptions> = async (app, options) => {
  const { handovers, actorOf } = options;
  const tags = ['duty'];
  const seats = { access: ['seat'] } as const;
  const readers = { access: ['seat', 'reviewer'] } as const;

  const give = { body: Giving, response: { 201: Handover }, tags };
  app.post('/handovers', { config: seats, schema: give }, async (request, reply) =>
    reply.code(201).send(await handovers.give(request.body, actorOf(request))),
  );
  const list = { querystring: Page, response: { 200: HandoverList }, tags };
  app.get('/handovers', { config: readers, schema: list }, async (request) =>
    handovers.list(request.query, actorOf(request)),
  );
  const one = { params: HandoverId, response: { 200: Handover }, tags };
  app.get('/handovers/:id', { config: readers, schema: one }, async (request) =>
    handovers.get(request.params.id, actorOf(request)),
  );
  app.post('/handovers/:id/sign', { config: seats, schema: one }, async (request) =>
    handovers.sign(request.params.id, actorOf(request)),
  );
};
