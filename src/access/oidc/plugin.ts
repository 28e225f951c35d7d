import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../../shared/app-error.ts';
import type { Access } from '../access.ts';
import { sessionCookie } from '../credential.ts';

const Methods = Type.Object({
  password: Type.Boolean(),
  oidc: Type.Optional(Type.Object({ name: Type.String(), up: Type.Boolean() })),
});
const path = '/api/v1/auth/oidc';
const stateCookie = 'tianliang-oidc';
const open = { access: 'public', unaudited: true } as const;
/** As RFC 6749 §4.1.2 and what issuers add to it. */
const Answer = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 4_096 })),
  state: Type.Optional(Type.String({ maxLength: 256 })),
  error: Type.Optional(Type.String({ maxLength: 256 })),
});

const isSecure = ({ protocol }: FastifyRequest) => protocol === 'https';
const callbackOf = ({ protocol, host }: FastifyRequest) => `${protocol}://${host}${path}/callback`;

/** Lax, for the way back begins at the issuer; for this path only. */
function stateHeader(state: string, request: FastifyRequest): string {
  const age = state === '' ? 0 : 600;
  const parts = [`${stateCookie}=${state}`, `Path=${path}`, 'HttpOnly', 'SameSite=Lax', `Max-Age=${age}`];
  return [...parts, ...(isSecure(request) ? ['Secure'] : [])].join('; ');
}

function stateOf({ headers }: FastifyRequest): string | undefined {
  return new RegExp(`(?:^|; *)${stateCookie}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1];
}

/** `/auth/methods`, and `/auth/oidc` where the login of another house is configured. */
export const oidcPlugin: FastifyPluginAsyncTypebox<{ access: Access }> = async (app, { access }) => {
  const { oidc } = access;
  app.get('/auth/methods', { config: open, schema: { response: { 200: Methods } } }, async () => {
    if (!oidc) return { password: true };
    return { password: true, oidc: { name: oidc.issuer.name, up: await oidc.issuer.isUp() } };
  });
  if (!oidc) return;

  app.get('/auth/oidc', { config: open, schema: { hide: true } }, async (request, reply) => {
    const { url, state } = await oidc.issuer.begin(callbackOf(request));
    return reply.header('set-cookie', stateHeader(state, request)).redirect(url.href, 303);
  });

  // A page is on its way back: whatever it is told, it is told at the login.
  app.get(
    '/auth/oidc/callback',
    { config: open, schema: { querystring: Answer, hide: true } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const url = new URL(request.url, callbackOf(request));
      try {
        const asked = { state: stateOf(request), address: request.ip };
        const { token } = await oidc.finish(url, asked);
        const cookies = [stateHeader('', request), sessionCookie(token, isSecure(request))];
        return reply.header('set-cookie', cookies).redirect('/', 303);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return reply.header('set-cookie', stateHeader('', request)).redirect(`/#login-${error.code}`, 303);
      }
    },
  );
};
