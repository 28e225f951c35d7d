import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Actor } from '../../../shared/actor.ts';
import { Body, CommandHeaders, commandOf, Department, IncidentId, ReasonText, Text } from '../command-schema.ts';
import type { Dispatcher } from '../dispatcher.ts';
import { Incident, incidentLimits } from '../incident.ts';
import type { IncidentDesk } from '../incident-desk.ts';

export interface MovesOptions {
  readonly desk: IncidentDesk;
  readonly dispatcher: Dispatcher;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const unitId = Type.String({ minLength: 1, maxLength: 64 });
const incidentId = Type.String({ minLength: 1, maxLength: 64 });
const Departments = Type.Array(Department, { minItems: 1, maxItems: incidentLimits.joint });
const Assigning = Body({
  department: Department,
  reason: Type.Optional(ReasonText),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 525_600 })),
  workingDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 250 })),
});
const Said = Type.Union([Body({ text: Type.Optional(Text) }), Type.Null()]);
const Closing = Type.Union([Body({ reason: Type.Optional(ReasonText) }), Type.Null()]);

const seats = { access: ['seat'] } as const;
const deciders = { access: ['seat', 'reviewer'] } as const;
const workers = { access: ['seat', 'patrol'] } as const;

const schemaOf = <B extends TSchema>(body: B) => ({
  params: IncidentId,
  headers: CommandHeaders,
  body,
  response: { 200: Incident },
  tags: ['incidents'],
});
const assign = { config: seats, schema: schemaOf(Assigning) };
const joint = { config: seats, schema: schemaOf(Body({ departments: Departments })) };
const merge = { config: seats, schema: schemaOf(Body({ into: incidentId })) };
const split = { config: seats, schema: schemaOf(Body({ part: incidentId })) };
const send = { config: seats, schema: schemaOf(Body({ unit: unitId })) };
const recall = { config: seats, schema: schemaOf(Body({ unit: unitId, reason: ReasonText })) };
const feedback = { config: workers, schema: schemaOf(Body({ text: Text })) };
const verify = { config: deciders, schema: schemaOf(Said) };
const close = { config: deciders, schema: schemaOf(Closing) };
const reopen = { config: deciders, schema: schemaOf(Body({ reason: ReasonText })) };
const press = { config: seats, schema: schemaOf(Body({ reason: ReasonText })) };

type App = Parameters<FastifyPluginAsyncTypebox<MovesOptions>>[0];
type Asking = FastifyRequest & Parameters<typeof commandOf>[0];

/** What people decide of an incident: each is a POST on it that answers with what it has become. */
export const movesPlugin: FastifyPluginAsyncTypebox<MovesOptions> = async (app, options) => {
  whoseRoutes(app, options);
  unitRoutes(app, options);
  endRoutes(app, options);
};

function whoseRoutes(app: App, { desk, actorOf }: MovesOptions): void {
  const by = (request: Asking) => commandOf(request, actorOf(request));
  app.post('/incidents/:id/assign', assign, async (request) => {
    const { version: _, ...assigning } = request.body;
    return desk.assign(request.params.id, assigning, by(request));
  });
  app.post('/incidents/:id/joint', joint, async (request) =>
    desk.decide(request.params.id, { type: 'joint', departments: request.body.departments }, by(request)),
  );
  app.post('/incidents/:id/merge', merge, async (request) => desk.merge(request.params.id, request.body, by(request)));
  app.post('/incidents/:id/split', split, async (request) => desk.split(request.params.id, request.body, by(request)));
}

function unitRoutes(app: App, { dispatcher, actorOf }: MovesOptions): void {
  const by = (request: Asking) => commandOf(request, actorOf(request));
  app.post('/incidents/:id/dispatch', send, async (request) =>
    dispatcher.dispatch(request.params.id, request.body, by(request)),
  );
  app.post('/alerts/:id/dispatch', send, async (request) =>
    dispatcher.dispatchAlert(request.params.id, request.body, by(request)),
  );
  app.post('/incidents/:id/recall', recall, async (request) =>
    dispatcher.recall(request.params.id, request.body, by(request)),
  );
}

function endRoutes(app: App, { desk, actorOf }: MovesOptions): void {
  const by = (request: Asking) => commandOf(request, actorOf(request));
  app.post('/incidents/:id/feedback', feedback, async (request) =>
    desk.decide(request.params.id, { type: 'feedback', text: request.body.text }, by(request)),
  );
  app.post('/incidents/:id/verify', verify, async (request) =>
    desk.decide(request.params.id, { type: 'verify', text: request.body?.text }, by(request)),
  );
  app.post('/incidents/:id/close', close, async (request) =>
    desk.decide(request.params.id, { type: 'close', reason: request.body?.reason }, by(request)),
  );
  app.post('/incidents/:id/reopen', reopen, async (request) =>
    desk.reopen(request.params.id, request.body, by(request)),
  );
  for (const type of ['escalate', 'explain'] as const)
    app.post(`/incidents/:id/${type}`, press, async (request) =>
      desk.decide(request.params.id, { type, reason: request.body.reason }, by(request)),
    );
}
