import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RouteAccess } from '../../src/access/route-access.ts';

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: RouteAccess | undefined;
  /** Of what it concerns: all areas or none. */
  readonly wholeSite: boolean;
  /** The JSON schema of the body it takes. */
  readonly body: unknown;
}

/** Collects every route registered after it; call before anything is registered, read after `ready()`. */
export function collectRoutes(app: FastifyInstance): readonly DeclaredRoute[] {
  const seen: { route: RouteOptions }[] = [];
  app.addHook('onRoute', (route) => {
    seen.push({ route });
  });
  const routes: DeclaredRoute[] = [];
  // A plugin may declare the access of the routes within it after this hook saw them.
  app.addHook('onReady', async () => {
    for (const { route } of seen) {
      const methods = Array.isArray(route.method) ? route.method : [route.method];
      const { access, wholeSite = false } = route.config ?? {};
      for (const method of methods)
        routes.push({ method, url: route.url, access, wholeSite, body: route.schema?.body });
    }
  });
  return routes;
}

/** The routes that say nothing about who may use them: must be none. */
export function undeclaredRoutes(routes: readonly DeclaredRoute[]): string[] {
  return routes.filter(({ access }) => access === undefined).map(({ method, url }) => `${method} ${url}`);
}

/** A URL for the route's pattern, every parameter filled with an id that nobody has. */
export function exampleUrl({ url }: DeclaredRoute): string {
  return url.replace(/:\w+(\([^)]*\))?/g, 'nobody-has-this').replace('*', 'nobody-has-this');
}

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}

/** The least that a body must hold to be looked at, made of its schema. */
export function exampleBody(body: unknown): unknown {
  return exampleOf(body as Schema);
}

function exampleOf(schema: Schema): unknown {
  if (schema.anyOf) return exampleOf(schema.anyOf[0] ?? {});
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  return plainExamples[schema.type ?? 'object']?.(schema);
}

const plainExamples: Readonly<Record<string, (schema: Schema) => unknown>> = {
  object: ({ properties = {}, required = [] }) =>
    Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {})])),
  array: ({ items = {}, minItems = 0 }) => Array.from({ length: minItems }, () => exampleOf(items)),
  string: ({ format, minLength = 1 }) => (format === 'date-time' ? new Date().toISOString() : 'x'.repeat(minLength)),
  integer: ({ minimum = 1 }) => minimum,
  number: ({ minimum = 1 }) => minimum,
  boolean: () => false,
};
