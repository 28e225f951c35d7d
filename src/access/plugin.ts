import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyRequest,
  onRequestAsyncHookHandler,
  RouteOptions,
} from 'fastify';
import type { Access } from './access.ts';
import { type Credential, credentialOf } from './credential.ts';
import {
  ForbiddenError,
  ForeignRequestError,
  SecondFactorRequiredError,
  UnauthenticatedError,
  UndeclaredRoutesError,
  WholeSiteError,
} from './errors.ts';
import { OpenAnswers } from './open-answers.ts';
import { type RequestSource, sourceProblem } from './request-origin.ts';
import { decideAccess, isPersonal, type RouteAccess } from './route-access.ts';
import type { SessionActor } from './session-actor.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; a route without it is denied to everybody. */
    access?: RouteAccess;
    /** It concerns all areas: an account that has some of them only is refused. */
    wholeSite?: boolean;
    /** Asked before a login by design: its 401 is no event. */
    unaudited?: boolean;
  }
}

export interface AccessPluginOptions {
  readonly access: Access;
  /** Other origins whose pages may act with a cookie, from `server.origins`. */
  readonly origins?: readonly string[];
}

function sourceOf(request: FastifyRequest, credential: Credential): RequestSource {
  const { headers, method, host, protocol } = request;
  const length = headers['content-length'] ?? '0';
  return {
    method,
    host,
    credential: credential.kind,
    secure: protocol === 'https',
    upgrade: headers.upgrade !== undefined,
    origin: headers.origin,
    fetchSite: headers['sec-fetch-site']?.toString(),
    contentType: headers['content-type'],
    hasBody: length !== '0' || headers['transfer-encoding'] !== undefined,
  };
}

function hasTicket({ query }: FastifyRequest): boolean {
  return typeof query === 'object' && query !== null && 'ticket' in query && typeof query.ticket === 'string';
}

/** Decides about one request; throws what it is refused with. */
class RequestGuard {
  readonly #access: Access;
  readonly #origins: readonly string[];

  constructor({ access, origins = [] }: AccessPluginOptions) {
    this.#access = access;
    this.#origins = origins;
  }

  async check(request: FastifyRequest): Promise<SessionActor | undefined> {
    const credential = credentialOf(request.headers, request.protocol === 'https');
    const problem = sourceProblem(sourceOf(request, credential), this.#origins);
    if (problem) {
      this.#deny(request, undefined, problem);
      throw new ForeignRequestError(problem);
    }
    const actor = credential.kind === 'none' ? undefined : await this.#access.authenticate(credential.token);
    this.#decide(request, actor);
    return actor;
  }

  #decide(request: FastifyRequest, actor: SessionActor | undefined): void {
    const { config, url = '' } = request.routeOptions;
    const { wholeSite = false } = config;
    const asked = { hasTicket: hasTicket(request), personal: isPersonal(url), wholeSite };
    const decision = decideAccess(config.access, actor, asked);
    if (decision === 'allow') return;
    this.#deny(request, actor, decision === 'login' ? 'no session' : decision);
    if (decision === 'login') throw new UnauthenticatedError();
    if (decision === 'enrol') throw new SecondFactorRequiredError();
    if (decision === 'limited') throw new WholeSiteError();
    throw new ForbiddenError();
  }

  #deny(request: FastifyRequest, actor: SessionActor | undefined, reason: string): void {
    const { method, ip, routeOptions } = request;
    if (actor === undefined && routeOptions.config.unaudited) return;
    const action = `${method} ${routeOptions.url ?? ''}`;
    this.#access.denied({ actor, action, object: request.url.split('?')[0] ?? '', reason, address: ip });
  }
}

/** A route nobody thought about is found when the house is built, not when somebody is refused. */
function requireDeclarations(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  // Read late: a plugin may declare for all the routes within it.
  app.addHook('onReady', async () => {
    const undeclared = routes.filter(({ config }) => config?.access === undefined);
    if (undeclared.length > 0) throw new UndeclaredRoutesError(undeclared.map(({ method, url }) => `${method} ${url}`));
  });
}

/** The one hook in front of everything: HTTP, upgrades and streams. Registered first, or other plugins refuse to load. */
const guardEveryRequest: FastifyPluginAsync<AccessPluginOptions> = async (app, options) => {
  const { access } = options;
  const guard = new RequestGuard(options);
  const answers = new OpenAnswers();
  access.sessionEnded(({ session }) => answers.end(session));

  const onRequest: onRequestAsyncHookHandler = async (request, reply) => {
    if (request.is404) return;
    const actor = await guard.check(request);
    if (!actor) return;
    access.admit(request, { ...actor, address: request.ip });
    // Sockets are closed by those who serve them, with a word.
    if (request.headers.upgrade === undefined) answers.add(actor.session, reply.raw);
    if (actor.token !== undefined) return;
    const release = access.sessions.hold(actor);
    reply.raw.once('close', release);
    reply.raw.once('finish', release);
  };
  requireDeclarations(app);
  app.addHook('onRequest', onRequest);
  // Node hands an upgraded socket over and never closes it: a refused upgrade would stay open for ever.
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.headers.upgrade !== undefined) raw.socket.destroySoon();
  });
  app.addHook('onReady', async () => access.start());
  app.addHook('onClose', () => access.close());
};

export const accessPlugin = Object.assign(guardEveryRequest, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('plugin-meta')]: { name: 'tianliang-access' },
});
