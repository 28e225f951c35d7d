import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Actor, maySee } from '../shared/actor.ts';
import type { Device } from './device.ts';
import { findDevice, listDevices } from './device-list.ts';
import type { Ingest } from './ingest.ts';
import { SamplesBody } from './samples-body.ts';
import { askTelemetry } from './telemetry-question.ts';

export interface IngestPluginOptions {
  readonly ingest: Ingest;
  readonly actorOf: (request: FastifyRequest) => Actor;
  /** Of the unit it belongs to, or of where it stands; what its entry says when left out. */
  readonly areaOf?: (device: Device) => string | undefined;
}

const Numbers = Type.Record(Type.String(), Type.Number());

const DeviceBody = Type.Object({
  id: Type.String(),
  kind: Type.Enum(['terminal', 'sensor']),
  name: Type.String(),
  position: Type.Optional(Type.Object({ lat: Type.Number(), lon: Type.Number() })),
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  area: Type.Optional(Type.String()),
  online: Type.Boolean(),
  at: Type.Optional(Type.String()),
  values: Type.Optional(Numbers),
  battery: Type.Optional(Type.Number()),
  signal: Type.Optional(Type.Number()),
  skewSeconds: Type.Optional(Type.Number()),
});

const ListQuery = Type.Object({
  kind: Type.Optional(Type.Enum(['terminal', 'sensor'])),
  q: Type.Optional(Type.String({ maxLength: 128 })),
  area: Type.Optional(Type.String({ maxLength: 64 })),
  cursor: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});

const DeviceList = Type.Object({ items: Type.Array(DeviceBody), next: Type.Optional(Type.String()) });
const DeviceParams = Type.Object({ id: Type.String({ maxLength: 64 }) });

const TelemetryQueryString = Type.Object({
  device: Type.String({ minLength: 1, maxLength: 64 }),
  measurement: Type.String({ pattern: '^[a-z][A-Za-z0-9_]{0,63}$' }),
  from: Type.Optional(Type.String({ maxLength: 40 })),
  to: Type.Optional(Type.String({ maxLength: 40 })),
  every: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}[smhd]$' })),
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 1_000 }),
});

const Series = Type.Object({
  device: Type.String(),
  measurement: Type.String(),
  unit: Type.String(),
  points: Type.Array(
    Type.Object({
      at: Type.String(),
      value: Type.Optional(Type.Number()),
      min: Type.Optional(Type.Number()),
      mean: Type.Optional(Type.Number()),
      max: Type.Optional(Type.Number()),
      last: Type.Optional(Type.Number()),
      count: Type.Optional(Type.Integer()),
    }),
  ),
});

/** Devices and their series over HTTP, and what could not be understood. */
export const ingestPlugin: FastifyPluginAsyncTypebox<IngestPluginOptions> = async (app, options) => {
  const { ingest, actorOf, areaOf = ({ area }) => area } = options;
  const visible = (request: FastifyRequest) => (device: Device) => maySee(actorOf(request), areaOf(device));
  const config = { access: 'any' } as const;

  const list = { querystring: ListQuery, response: { 200: DeviceList } };
  app.get('/devices', { config, schema: list }, async (request) =>
    listDevices(ingest.registry.list().filter(visible(request)), request.query),
  );

  const one = { params: DeviceParams, response: { 200: DeviceBody } };
  app.get('/devices/:id', { config, schema: one }, async (request) =>
    findDevice(ingest.registry, request.params.id, visible(request)),
  );

  // What strangers say may be anything: for those who put devices to work.
  const samples = { response: { 200: SamplesBody } };
  app.get('/ingest/samples', { config: { access: ['engineer'] }, schema: samples }, async (request) => {
    const maySeeDevice = visible(request);
    return ingest.counters.listSamples(({ device = '' }) => {
      const known = ingest.registry.get(device);
      return known ? maySeeDevice(known) : actorOf(request).areas === 'all';
    });
  });

  const series = { querystring: TelemetryQueryString, response: { 200: Series } };
  app.get('/telemetry', { config, schema: series }, async (request) => {
    findDevice(ingest.registry, request.query.device, visible(request));
    return askTelemetry((query) => ingest.query(query), request.query);
  });
};
