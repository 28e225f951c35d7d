import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { boundsOfBbox } from '../../gis/bounds.ts';
import { AnyFeatureCollection, featureCollection, geoJsonType, pointFeature } from '../../gis/geojson.ts';
import { Latitude, Longitude } from '../../gis/point.ts';
import type { Actor } from '../../shared/actor.ts';
import { assignmentsPlugin } from './assignments/plugin.ts';
import type { Choices } from './choices.ts';
import { CommandHeaders, commandOf, IncidentId } from './command-schema.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Incident, IncidentSource, IncidentStateName, incidentStates, Severity, Similar } from './incident.ts';
import { defaultPage, type IncidentBook, largestPage } from './incident-book.ts';
import type { IncidentDesk } from './incident-desk.ts';
import type { IncidentPhotos } from './incident-photos.ts';
import { IncidentReport } from './incident-report.ts';
import { movesPlugin } from './moves/plugin.ts';
import { photosPlugin } from './photos/plugin.ts';
import { proposalsPlugin } from './proposals/plugin.ts';
import type { Proposals } from './proposals.ts';
import { TimelineEntry } from './timeline.ts';

export interface IncidentsOptions {
  readonly desk: IncidentDesk;
  readonly dispatcher: Dispatcher;
  readonly book: IncidentBook;
  readonly photos: IncidentPhotos;
  readonly proposals: Proposals;
  readonly choices: Choices;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Word = Type.String({ minLength: 1, maxLength: 64 });
const Filter = {
  /** Each may be given several times. */
  state: Type.Optional(Type.Array(IncidentStateName, { maxItems: incidentStates.length })),
  kind: Type.Optional(Type.Array(Word, { maxItems: 32 })),
  severity: Type.Optional(Type.Array(Severity, { maxItems: 4 })),
  source: Type.Optional(Type.Array(IncidentSource, { maxItems: 6 })),
  area: Type.Optional(Word),
  department: Type.Optional(Word),
  overdue: Type.Optional(Type.Boolean()),
  q: Type.Optional(Type.String({ maxLength: 100 })),
  bbox: Type.Optional(Type.String({ pattern: '^-?[0-9.]+(,-?[0-9.]+){3}$', description: 'west,south,east,north' })),
};
const Page = Type.Object({
  ...Filter,
  cursor: Type.Optional(Type.String({ maxLength: 64 })),
  limit: Type.Integer({ minimum: 1, maximum: largestPage, default: defaultPage }),
});
const IncidentList = Type.Object({ items: Type.Array(Incident), next: Type.Optional(Type.String()) });
const Sought = Type.Object({
  kind: Word,
  lat: Latitude,
  lon: Longitude,
  at: Type.Optional(Type.String({ format: 'date-time' })),
});
const Load = Type.Object({
  department: Type.String(),
  open: Type.Integer(),
  overdue: Type.Integer(),
  dueWithinDay: Type.Integer(),
  oldestDueAt: Type.Union([Type.String(), Type.Null()]),
});

/** Incidents over HTTP: an account sees those of its areas, a patrol also where its unit is sent. */
export const incidentsPlugin: FastifyPluginAsyncTypebox<IncidentsOptions> = async (app, options) => {
  const { desk, dispatcher, book, photos, proposals, choices, actorOf } = options;
  const tags = ['incidents'];
  const anyone = { access: 'any' } as const;

  // Not the options as they are: they have a prefix, which would stand there twice.
  await app.register(movesPlugin, { desk, dispatcher, actorOf });
  await app.register(assignmentsPlugin, { dispatcher, book, proposals, actorOf });
  await app.register(photosPlugin, { photos, book, actorOf });
  await app.register(proposalsPlugin, { proposals, choices, actorOf });

  const open = { headers: CommandHeaders, body: IncidentReport, response: { 201: Incident }, tags };
  app.post('/incidents', { config: { access: ['seat', 'patrol'] }, schema: open }, async (request, reply) =>
    reply.code(201).send(await desk.open(request.body, commandOf({ headers: request.headers }, actorOf(request)))),
  );

  const list = { querystring: Page, response: { 200: IncidentList }, tags };
  app.get('/incidents', { config: anyone, schema: list }, async (request) =>
    book.list(queryOf(request.query), actorOf(request)),
  );

  const one = { params: IncidentId, response: { 200: Incident }, tags };
  app.get('/incidents/:id', { config: anyone, schema: one }, async (request) =>
    book.get(request.params.id, actorOf(request)),
  );

  const timeline = { params: IncidentId, response: { 200: Type.Object({ items: Type.Array(TimelineEntry) }) }, tags };
  app.get('/incidents/:id/timeline', { config: anyone, schema: timeline }, async (request) => ({
    items: await book.timeline(request.params.id, actorOf(request)),
  }));

  const similar = { querystring: Sought, response: { 200: Type.Object({ items: Type.Array(Similar) }) }, tags };
  app.get('/incidents/similar', { config: anyone, schema: similar }, async (request) => {
    const { kind, lat, lon, at = new Date().toISOString() } = request.query;
    return { items: await book.similar({ kind, at, position: { lat, lon } }, actorOf(request)) };
  });

  const loads = { response: { 200: Type.Object({ items: Type.Array(Load) }) }, tags };
  app.get('/incidents/departments', { config: anyone, schema: loads }, async (request) => ({
    items: await book.loads(actorOf(request)),
  }));

  const geojson = { querystring: Type.Object(Filter), response: { 200: AnyFeatureCollection }, tags };
  app.get('/incidents.geojson', { config: anyone, schema: geojson }, async (request, reply) => {
    const items = await book.onMap(queryOf(request.query), actorOf(request));
    reply.type(geoJsonType);
    return featureCollection(items.map(({ position, ...incident }) => pointFeature(position, incident)));
  });
};

function queryOf<T extends { readonly bbox?: string }>({ bbox, ...query }: T) {
  return { ...query, bbox: bbox === undefined ? undefined : boundsOfText(bbox) };
}

/** Its schema has let in four numbers. */
function boundsOfText(text: string) {
  const [west = 0, south = 0, east = 0, north = 0] = text.split(',').map(Number);
  return boundsOfBbox([west, south, east, north]);
}
