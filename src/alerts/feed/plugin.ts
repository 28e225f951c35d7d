import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { entityTag, isKnownTag } from '../../shared/entity-tag.ts';
import type { AlertFeed } from './alert-feed.ts';

export interface AlertFeedPluginOptions {
  readonly feed: AlertFeed;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

/** Alerts for programs elsewhere: an index, and a CAP 1.2 document of each. */
export const alertFeedPlugin: FastifyPluginAsyncTypebox<AlertFeedPluginOptions> = async (app, { feed, actorOf }) => {
  const tags = ['feeds'];
  const config = { access: 'any' } as const;
  const response = { 200: Type.String(), 304: Type.Null() };

  app.get('/feeds/alerts.cap.xml', { config, schema: { response, tags } }, async (request, reply) =>
    answer(request, reply.type('application/atom+xml; charset=utf-8'), await feed.index(actorOf(request))),
  );

  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
  app.get('/feeds/alerts/:id.cap.xml', { config, schema: { params, response, tags } }, async (request, reply) =>
    answer(
      request,
      reply.type('application/cap+xml; charset=utf-8'),
      await feed.document(request.params.id, actorOf(request)),
    ),
  );
};

/** Who has it already is told so. */
function answer({ headers }: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const tag = entityTag(text);
  reply.headers({ etag: tag, 'cache-control': 'private, no-cache' });
  return isKnownTag(tag, headers['if-none-match']) ? reply.code(304).send() : reply.send(text);
}
