import type { FastifyInstance, RouteOptions } from 'fastify';
import type { RouteAccess } from '../../src/access/route-access.ts';

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: RouteAccess | undefined;
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
      for (const method of methods) routes.push({ method, url: route.url, access: route.config?.access });
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
