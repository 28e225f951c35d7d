import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Access } from '../access.ts';

const Enrolment = Type.Object({ uri: Type.String({ description: 'for a QR code' }), secret: Type.String() });
const Code = Type.Object({ code: Type.String({ minLength: 6, maxLength: 16 }) }, { additionalProperties: false });
const Recovery = Type.Object({ recoveryCodes: Type.Array(Type.String(), { description: 'shown this once' }) });
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

/** `/auth/totp`, for everybody about themselves, and what an admin may do about others. */
export const secondFactorPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const { secondFactors, actorOf } = access;
  const own = { access: 'account' } as const;

  app.post('/auth/totp', { config: own, schema: { response: { 200: Enrolment } } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return secondFactors.begin(actorOf(request));
  });

  const confirm = { config: own, schema: { body: Code, response: { 200: Recovery } } };
  app.post('/auth/totp/confirm', confirm, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return { recoveryCodes: await secondFactors.confirm(actorOf(request), request.body.code) };
  });

  const admins = { access: ['admin'], wholeSite: true } as const;
  const reset = { config: admins, schema: { params: Id, response: { 204: Type.Null() } } };
  app.post('/accounts/:id/totp-reset', reset, async (request, reply) => {
    await secondFactors.reset(request.params.id, actorOf(request));
    return reply.code(204).send(null);
  });
};
