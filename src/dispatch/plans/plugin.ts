import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { IncidentId } from '../incidents/command-schema.ts';
import { PlanView } from './bound-plan.ts';
import type { PlanDesk } from './plan-desk.ts';

export interface PlansPluginOptions {
  readonly plans: Pick<PlanDesk, 'view' | 'done'>;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const StepId = Type.Object({ ...IncidentId.properties, step: Type.String({ minLength: 1, maxLength: 64 }) });
const Done = Type.Union([
  Type.Object({ note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) }, { additionalProperties: false }),
  Type.Null(),
]);

/** The plan of an incident over HTTP, and its steps that people tick off. */
export const plansPlugin: FastifyPluginAsyncTypebox<PlansPluginOptions> = async (app, { plans, actorOf }) => {
  const tags = ['incidents'];
  const response = { 200: PlanView };

  const one = { params: IncidentId, response, tags };
  app.get('/incidents/:id/plan', { config: { access: 'any' }, schema: one }, async (request) =>
    plans.view(request.params.id, actorOf(request)),
  );

  const done = { params: StepId, body: Done, response, tags };
  app.post('/incidents/:id/plan/steps/:step/done', { config: { access: ['seat'] }, schema: done }, async (request) => {
    const { id, step } = request.params;
    return plans.done(id, { step, note: request.body?.note }, actorOf(request));
  });
};
