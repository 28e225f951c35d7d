import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { PushOffError } from './push-errors.ts';
import { Subscription, type WebPush } from './web-push.ts';

export interface PushPluginOptions {
  /** Undefined where nobody is told by Web Push. */
  readonly push: Pick<WebPush, 'key' | 'subscribe' | 'unsubscribe'> | undefined;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

/** Browsers ask to be told, each for the account behind it. */
export const pushPlugin: FastifyPluginAsyncTypebox<PushPluginOptions> = async (app, { push, actorOf }) => {
  const tags = ['channels'];
  const config = { access: ['seat', 'patrol'] } as const;
  const configured = () => {
    if (!push) throw new PushOffError();
    return push;
  };

  const key = { response: { 200: Type.Object({ key: Type.String() }) }, tags };
  app.get('/push/key', { config, schema: key }, async () => ({ key: await configured().key() }));

  const subscribe = { body: Subscription, response: { 201: Type.Object({ subscribed: Type.Literal(true) }) }, tags };
  app.post('/push/subscriptions', { config, schema: subscribe }, async (request, reply) => {
    await configured().subscribe(request.body, actorOf(request));
    return reply.code(201).send({ subscribed: true });
  });

  const Endpoint = Type.Object({ endpoint: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false });
  const unsubscribe = { body: Endpoint, response: { 204: Type.Null() }, tags };
  app.delete('/push/subscriptions', { config, schema: unsubscribe }, async (request, reply) => {
    await configured().unsubscribe(request.body.endpoint, actorOf(request));
    return reply.code(204).send(null);
  });
};
