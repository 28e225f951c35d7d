import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { type TSchema, Type } from 'typebox';
import { describeRoutes, docsPlugin } from './docs/plugin.ts';
import { HttpMetrics } from './http-metrics.ts';
import { requestValidator } from './invalid-request.ts';
import { NotFoundError } from './not-found.ts';
import { renderError } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { wallPlugin } from './wall/plugin.ts';

/** Whether the house can do its work, part by part in a word or two each. */
export const Readiness = Type.Object({ ready: Type.Boolean(), parts: Type.Record(Type.String(), Type.String()) });
export type Readiness = Type.Static<typeof Readiness>;

export interface HttpOptions {
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  /** The directory of the built wall; without it `/` says how to build it. */
  readonly wall?: string;
  readonly mapOrigins?: readonly string[];
  /** Adds the other slices' metrics to what `/metrics` shows. */
  readonly metrics?: (registry: Registry) => void;
}

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { problem, headers, unexpected } = renderError(error);
  if (unexpected) request.log.error({ err: error }, 'a request failed');
  // Serialized here: the route's own response schema describes something else.
  return reply.code(problem.status).headers(headers).type('application/problem+json').send(JSON.stringify(problem));
}

/** For the server's `frameworkErrors`: what fails before a route is found (a URL that cannot be decoded). */
export const answerFrameworkError = (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
  reply.headers(securityHeaders({ secure: request.protocol === 'https', mapOrigins: [] }));
  answer(error, request, reply);
};

function answerErrors(app: FastifyInstance): void {
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, request, reply) => answer(error, request, reply));
  app.setNotFoundHandler((request, reply) => answer(new NotFoundError(), request, reply));
}

/** At the end, so that refusals have them too; a route that says it better (a hashed file, the docs page) is left alone. */
function secureAnswers(app: FastifyInstance, mapOrigins: readonly string[]): void {
  app.addHook('onSend', async (request, reply) => {
    const headers = Object.entries(securityHeaders({ secure: request.protocol === 'https', mapOrigins }));
    reply.headers(Object.fromEntries(headers.filter(([name]) => !reply.hasHeader(name))));
  });
}

function measure(app: FastifyInstance, metrics: HttpMetrics): void {
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    metrics.answered({ method, route: routeOptions.url ?? 'none', status: statusCode, seconds: elapsedTime / 1_000 });
  });
  app.get('/metrics', { config: { access: 'any', wholeSite: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

const serveRoot: FastifyPluginAsyncTypebox<HttpOptions> = async (app, options) => {
  const { version, readiness, wall, mapOrigins = [] } = options;
  const metrics = new HttpMetrics();
  options.metrics?.(metrics.registry);
  answerErrors(app);
  secureAnswers(app, mapOrigins);
  await describeRoutes(app, { version });

  const health = {
    config: { access: 'public' },
    schema: { response: { 200: Type.Object({ status: Type.String() }) } },
  } as const;
  app.get('/healthz', health, async () => ({ status: 'ok' }));

  const ready = { config: { access: 'public' }, schema: { response: { 200: Readiness, 503: Readiness } } } as const;
  app.get('/readyz', ready, async (_request, reply) => {
    const state = await readiness();
    return reply.code(state.ready ? 200 : 503).send(state);
  });

  measure(app, metrics);
  await app.register(docsPlugin);
  await app.register(wallPlugin, { directory: wall });
};

/** The root of the HTTP server: errors, headers, health, metrics, documents and the wall's files. Needs `accessPlugin` first. */
export const httpPlugin = Object.assign(serveRoot, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('plugin-meta')]: { name: 'tianliang-http', dependencies: ['tianliang-access'] },
});
