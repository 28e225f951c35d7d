import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Access } from '../access.ts';
import { User, userOf } from '../account-view.ts';
import { isLoopbackHost, sessionCookie } from '../credential.ts';
import { TlsRequiredError } from '../errors.ts';

/** Longer than any password that is accepted, so that the policy answers and not the schema. */
const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 512 }),
    code: Type.Optional(Type.String({ maxLength: 32, description: 'of the second factor, or a recovery code' })),
  },
  { additionalProperties: false },
);
const Session = Type.Object({ token: Type.String(), user: User, expiresAt: Type.String({ format: 'date-time' }) });

const isSecure = (request: FastifyRequest) => request.protocol === 'https';

function refusePlainBrowser(request: FastifyRequest): void {
  const fromBrowser = request.headers.origin !== undefined || request.headers['sec-fetch-mode'] !== undefined;
  if (fromBrowser && !isSecure(request) && !isLoopbackHost(request.hostname)) throw new TlsRequiredError();
}

/** Over plain HTTP on another machine there is no cookie: only clients that carry the token themselves. */
function setCookie(request: FastifyRequest, reply: FastifyReply, token?: string): void {
  if (!isSecure(request) && !isLoopbackHost(request.hostname)) return;
  reply.header('set-cookie', sessionCookie(token, isSecure(request)));
}

/** `/auth`: log in, log out, who am I. */
export const authPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const login = { schema: { body: Credentials, response: { 200: Session } }, config: { access: 'public' } } as const;
  app.post('/auth/login', login, async (request, reply) => {
    refusePlainBrowser(request);
    const { username: name, ...shown } = request.body;
    const { token, actor, expiresAt } = await access.login({ name, ...shown, address: request.ip });
    setCookie(request, reply, token);
    return { token, user: userOf(actor), expiresAt: expiresAt.toISOString() };
  });

  const logout = { schema: { response: { 204: Type.Null() } }, config: { access: 'account' } } as const;
  app.post('/auth/logout', logout, async (request, reply) => {
    await access.logout(access.actorOf(request));
    setCookie(request, reply);
    return reply.code(204).send(null);
  });

  const me = { schema: { response: { 200: User } }, config: { access: 'account', unaudited: true } } as const;
  app.get('/auth/me', me, async (request) => userOf(access.actorOf(request)));
};
