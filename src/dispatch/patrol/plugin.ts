import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { GeoPoint, Latitude, Longitude } from '../../gis/point.ts';
import type { Actor } from '../../shared/actor.ts';
import type { PatrolVoice } from './patrol-voice.ts';

export interface PatrolOptions {
  readonly voice: PatrolVoice;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Position = Type.Object(
  {
    lat: Latitude,
    lon: Longitude,
    accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'metres' })),
    speed: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'metres a second' })),
    heading: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: 'degrees from north, clockwise' })),
  },
  { additionalProperties: false },
);
const Call = Type.Object(
  {
    key: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$', description: 'the same key is the same call' }),
    position: Type.Optional(GeoPoint),
  },
  { additionalProperties: false },
);
const Taken = Type.Object({});

/** What a patrol's page says of its unit: an account without a unit says nothing. */
export const patrolPlugin: FastifyPluginAsyncTypebox<PatrolOptions> = async (app, { voice, actorOf }) => {
  const tags = ['units'];
  const config = { access: ['patrol'] } as const;

  const position = { body: Position, response: { 202: Taken }, tags };
  app.post('/patrol/position', { config, schema: position }, async (request, reply) => {
    const { lat, lon, ...motion } = request.body;
    await voice.say(actorOf(request), { type: 'position', point: { lat, lon }, ...motion });
    return reply.code(202).send({});
  });

  const call = { body: Call, response: { 202: Taken }, tags };
  app.post('/patrol/sos', { config, schema: call }, async (request, reply) => {
    const { key, position: point } = request.body;
    await voice.say(actorOf(request), { type: 'sos', key, ...(point && { point }) });
    return reply.code(202).send({});
  });
};
