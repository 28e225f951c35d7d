import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { contentSecurityPolicy } from '../security-headers.ts';

export interface DocsOptions {
  readonly version: string;
}

const description = `Every route needs an account, by bearer token or cookie from \`POST /api/v1/auth/login\`.
Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Lists are paged by \`cursor\` and \`limit\`.`;

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer' },
  cookie: { type: 'apiKey', in: 'cookie', name: '__Host-tianliang' },
} as const;

/** Who may, for the reader of the document. */
function whoMay(access: unknown): string {
  if (access === 'public') return 'Everybody.';
  if (Array.isArray(access)) return `Roles: ${[...new Set([...access, 'admin'])].join(', ')}.`;
  if (access === 'account') return 'Any account, about itself.';
  return access === 'ticket' ? 'Any account, or a stream ticket.' : 'Any account.';
}

/** Collects the routes that come after it: registered before them. */
export async function describeRoutes(app: FastifyInstance, { version }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tianliang', version, description },
      components: { securitySchemes },
    },
    hideUntagged: false,
    transform: ({ schema, url, route }) => {
      const access = route.config?.access;
      const security = access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }];
      return { schema: { description: whoMay(access), security, ...schema }, url };
    },
  });
}

/** `/openapi.json` and `/docs`, for those who are logged in. */
export async function docsPlugin(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'any' };
  });
  app.addHook('onRequest', async (_request, reply) => {
    // Swagger's page puts styles into its elements; its scripts are files of our own.
    reply.header('content-security-policy', contentSecurityPolicy([], "'self' 'unsafe-inline'"));
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { url: '/openapi.json', validatorUrl: null } });
}
