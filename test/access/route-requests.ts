import { type DeclaredRoute, exampleBody } from './route-matrix.ts';
import type { AreaThings } from './two-areas.ts';

/** What the parameters of a route name, by the word before the first of them: a new family has to say so here. */
export const families: Readonly<Record<string, keyof AreaThings | 'site'>> = {
  cameras: 'camera',
  streams: 'camera',
  alerts: 'alert',
  incidents: 'incident',
  assignments: 'assignment',
  units: 'unit',
  devices: 'device',
  silences: 'silence',
  handovers: 'handover',
  locks: 'lock',
  evidence: 'evidence',
  // Of the whole site: nobody who has some areas only may even ask.
  accounts: 'site',
};
/** Beside the API: files of the page, its documents. They know of no area. */
export const outside =
  /^\/(?:$|\*|docs|assets|openapi\.json|healthz|readyz|metrics|ws|favicon|[\w-]+\.(?:html|js|css|svg|png|json|webmanifest))/;
/** Bodies that a schema alone does not make. */
const bodies: Readonly<Record<string, object>> = {
  'POST /api/v1/cameras/:id/ptz': { stop: true },
  'PATCH /api/v1/accounts/:id': { role: 'viewer' },
  'POST /api/v1/alerts/:id/assign': { seat: 'seat-west' },
};

/** What must be asked with from and to. */
const asks = /cameras\/.*\/(?:recordings|clip\.mp4)$/;
const span = '?from=2026-11-26T08:00:00Z&to=2026-11-26T08:01:00Z';

export const nameOf = ({ method, url }: DeclaredRoute) => `${method} ${url}`;
export const takesId = ({ url }: DeclaredRoute) => url.includes(':');
export const familyOf = ({ url }: DeclaredRoute) => /\/(\w+)\/:/.exec(url)?.[1] ?? '';

/** The address of a route for one of these things. */
export function filled(route: DeclaredRoute, things: AreaThings): string {
  const family = families[familyOf(route)];
  const id = family === undefined || family === 'site' ? 'nobody' : things[family];
  return route.url
    .replace(/:id/, encodeURIComponent(id))
    .replace(':photo', things.photo)
    .replaceAll(/:\w+/g, 'nobody-has-this-one-at-all');
}

/** The same with what must be asked beside it. */
export const withSpan = (path: string) => `${path}${asks.test(path) ? span : ''}`;

/** What the route takes, as far as a picture and its schema say. */
export function bodyOf(route: DeclaredRoute, picture: Uint8Array<ArrayBuffer>): Pick<RequestInit, 'body' | 'headers'> {
  if (['GET', 'HEAD', 'DELETE'].includes(route.method)) return {};
  if (route.url.endsWith('.whep')) return { body: 'v=0', headers: { 'content-type': 'application/sdp' } };
  if (route.url.endsWith('/photos')) return { body: picture, headers: { 'content-type': 'image/jpeg' } };
  const body = bodies[nameOf(route)] ?? (route.body === undefined ? {} : exampleBody(route.body));
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
