import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { type AreaOf, Silence, SilenceOrder, withArea } from './silence.ts';
import type { Silences } from './silences.ts';

export interface SilencesPluginOptions {
  readonly silences: Silences;
  readonly areaOf: AreaOf;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const SilenceId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
});
/** With the number of alerts it has kept quiet: `GET /alerts?silence=` lists them. */
const Counted = Type.Object({ ...Silence.properties, count: Type.Integer() });
const SilenceList = Type.Object({ items: Type.Array(Counted), next: Type.Optional(Type.String()) });

/** Silences over HTTP: all read them, seats and reviewers begin and end them. */
export const silencesPlugin: FastifyPluginAsyncTypebox<SilencesPluginOptions> = async (app, options) => {
  const { silences, areaOf, actorOf } = options;
  const tags = ['duty'];
  const deciders = { access: ['seat', 'reviewer'] } as const;

  const list = { querystring: Page, response: { 200: SilenceList }, tags };
  app.get('/silences', { config: { access: 'any' }, schema: list }, async (request) =>
    silences.list(request.query, actorOf(request)),
  );
  const begin = { body: SilenceOrder, response: { 201: Silence }, tags };
  app.post('/silences', { config: deciders, schema: begin }, async (request, reply) =>
    reply.code(201).send(await silences.begin(withArea(request.body, areaOf), actorOf(request))),
  );
  const end = { params: SilenceId, response: { 200: Silence }, tags };
  app.post('/silences/:id/end', { config: deciders, schema: end }, async (request) =>
    silences.end(request.params.id, actorOf(request)),
  );
};
