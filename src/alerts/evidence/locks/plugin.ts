import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { LockView } from './lock.ts';
import type { LockBook } from './lock-book.ts';

export interface LocksOptions {
  readonly locks: LockBook;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Id = Type.String({ minLength: 1, maxLength: 64 });
const Time = Type.String({ format: 'date-time', maxLength: 40 });
const Words = Type.String({ minLength: 1, maxLength: 500 });
const Asked = Type.Object(
  {
    camera: Id,
    from: Time,
    to: Time,
    headline: Type.String({ minLength: 1, maxLength: 100 }),
    reason: Words,
    expiresAt: Type.Optional(Time),
  },
  { additionalProperties: false },
);
const Release = Type.Object({ reason: Words }, { additionalProperties: false });
const Page = Type.Object({
  camera: Type.Optional(Id),
  released: Type.Boolean({ default: false }),
  cursor: Type.Optional(Id),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
const Locks = Type.Object({ items: Type.Array(LockView), next: Type.Optional(Type.String()) });

/** Footage that is to stay, over HTTP: one account locks it, another lets it go. */
export const locksPlugin: FastifyPluginAsyncTypebox<LocksOptions> = async (app, { locks, actorOf }) => {
  const config = { access: ['reviewer'] } as const;
  const tags = ['evidence'];

  const put = { body: Asked, response: { 201: LockView }, tags };
  app.post('/locks', { config, schema: put }, async (request, reply) =>
    reply.code(201).send(await locks.lock(request.body, actorOf(request))),
  );

  const list = { querystring: Page, response: { 200: Locks }, tags };
  app.get('/locks', { config: { access: ['seat', 'reviewer'] as const }, schema: list }, async (request) =>
    locks.list(request.query, actorOf(request)),
  );

  const release = { params: Type.Object({ id: Id }), body: Release, response: { 200: LockView }, tags };
  app.post('/locks/:id/release', { config, schema: release }, async (request) =>
    locks.release(request.params.id, request.body, actorOf(request)),
  );
};
