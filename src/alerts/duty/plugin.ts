import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { Alert } from '../alert.ts';
import { AlertTimelineEntry } from '../alert-timeline.ts';
import type { AlertDesk } from '../desk.ts';
import type { Handovers } from '../handover/handovers.ts';
import { handoversPlugin } from '../handover/plugin.ts';
import { silencesPlugin } from '../silences/plugin.ts';
import type { AreaOf } from '../silences/silence.ts';
import { type Seats, seatNamed } from './seats.ts';

export interface DutyOptions {
  readonly desk: AlertDesk;
  readonly seats: Pick<Seats, 'named'>;
  readonly handovers: Handovers;
  readonly areaOf: AreaOf;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const AlertId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Version = { version: Type.Optional(Type.Integer({ minimum: 1 })) };
const Assigning = Type.Object(
  { ...Version, seat: Type.String({ minLength: 1, maxLength: 32, description: 'account name' }) },
  { additionalProperties: false },
);
const Snoozing = Type.Object(
  { ...Version, minutes: Type.Integer({ minimum: 1, maximum: 60 }) },
  { additionalProperties: false },
);
const Timeline = Type.Object({ items: Type.Array(AlertTimelineEntry) });

/** Who has which alert, and until when it rings nowhere (值班), over HTTP. */
export const dutyPlugin: FastifyPluginAsyncTypebox<DutyOptions> = async (app, options) => {
  const { desk, seats, handovers, areaOf, actorOf } = options;
  const tags = ['alerts'];
  const deciders = { access: ['seat', 'reviewer'] } as const;

  // Not the options as they are: they have a prefix, which would stand there twice.
  await app.register(silencesPlugin, { silences: desk.silences, areaOf, actorOf });
  await app.register(handoversPlugin, { handovers, actorOf });

  const assign = { params: AlertId, body: Assigning, response: { 200: Alert }, tags };
  app.post('/alerts/:id/assign', { config: deciders, schema: assign }, async (request) => {
    const { seat, version } = request.body;
    return desk.assign(request.params.id, actorOf(request), { to: await seatNamed(seats, seat), version });
  });

  const snooze = { params: AlertId, body: Snoozing, response: { 200: Alert }, tags };
  app.post('/alerts/:id/snooze', { config: deciders, schema: snooze }, async (request) =>
    desk.snooze(request.params.id, actorOf(request), request.body),
  );

  const timeline = { params: AlertId, response: { 200: Timeline }, tags };
  app.get('/alerts/:id/timeline', { config: { access: 'any' }, schema: timeline }, async (request) => ({
    items: await desk.timeline(request.params.id, actorOf(request)),
  }));
};
