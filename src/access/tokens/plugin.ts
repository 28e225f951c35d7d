import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { RoleName, roles } from '../../shared/actor.ts';
import type { Access } from '../access.ts';
import { Areas } from '../account-view.ts';

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const TokenId = Type.Object({ ...Id.properties, token: Type.String({ minLength: 1, maxLength: 64 }) });
const Name = Type.String({ pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,31}$' });
const NewToken = Type.Object(
  {
    name: Name,
    role: Type.Enum(roles.filter((role) => role !== 'admin')),
    areas: Areas,
    days: Type.Integer({ minimum: 1, maximum: 365, default: 90 }),
  },
  { additionalProperties: false },
);
const Time = Type.String({ format: 'date-time' });
const shown = {
  ...{ id: Type.String(), name: Type.String(), role: RoleName, areas: Areas, createdAt: Time, expiresAt: Time },
  lastUsedAt: Type.Optional(Time),
  revokedAt: Type.Optional(Time),
};
const TokenView = Type.Object(shown);
const GivenToken = Type.Object({ ...shown, token: Type.String({ description: 'shown this once' }) });

const config = { access: ['admin'], wholeSite: true } as const;

/** `/accounts/ID/tokens`, for admins: what machines come in with. */
export const tokensPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const { tokens, actorOf } = access;

  const add = { config, schema: { params: Id, body: NewToken, response: { 201: GivenToken } } };
  app.post('/accounts/:id/tokens', add, async (request, reply) =>
    reply.code(201).send(await tokens.add(request.params.id, request.body, actorOf(request))),
  );

  const list = { config, schema: { params: Id, response: { 200: Type.Object({ items: Type.Array(TokenView) }) } } };
  app.get('/accounts/:id/tokens', list, async ({ params }) => ({ items: await tokens.list(params.id) }));

  const revoke = { config, schema: { params: TokenId, response: { 204: Type.Null() } } };
  app.post('/accounts/:id/tokens/:token/revoke', revoke, async (request, reply) => {
    const { id, token } = request.params;
    await tokens.revoke(id, token, actorOf(request));
    return reply.code(204).send(null);
  });
};
