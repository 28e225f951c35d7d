import Fastify from 'fastify';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { plansPlugin } from '../../../src/dispatch/plans/plugin.ts';
import { requestValidator } from '../../../src/http/invalid-request.ts';
import { renderError } from '../../../src/http/problem.ts';
import { manhole, seat, southSeat } from '../incidents/incident-fixtures.ts';
import { openPlanned } from './plan-fixtures.ts';

const plan = {
  id: 'manhole',
  name: '井盖',
  match: { kinds: ['manhole'] },
  steps: [{ id: 'fence', do: 'manual', text: '围挡', after: 5 }],
};

async function openHttp() {
  const world = await openPlanned([plan]);
  const app = Fastify();
  const access = new Map<string, unknown>();
  app.addHook('onRoute', ({ method, url, config }) => void access.set(`${method} ${url}`, config?.access));
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => requestValidator(schema, httpPart ?? 'body'));
  app.setErrorHandler((error, _request, reply) => {
    const { problem } = renderError(error);
    return reply.code(problem.status).send(problem);
  });
  const actorOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['x-actor'] ? southSeat : seat);
  await app.register(plansPlugin, { plans: world.planDesk, actorOf });
  const end = async () => {
    await app.close();
    await world[Symbol.asyncDispose]();
  };
  return { ...world, app, access, [Symbol.asyncDispose]: end };
}

test('the plan of an incident is read, and its step ticked off with a note', async () => {
  await using http = await openHttp();
  const { id } = await http.desk.open(manhole(), { actor: seat });
  expect((await http.app.inject(`/incidents/${id}/plan`)).json()).toMatchObject({
    id: 'manhole',
    steps: [{ id: 'fence', text: '围挡', state: 'open', automatic: false }],
  });
  const url = `/incidents/${id}/plan/steps/fence/done`;
  const answer = await http.app.inject({ method: 'POST', url, payload: { note: '已围' } });
  expect(answer.json()).toMatchObject({ version: 2, steps: [{ state: 'done', by: '席1', note: '已围' }] });
  expect((await http.app.inject({ method: 'POST', url })).statusCode).toBe(200);
});

test("another area's incident, one without a plan and a step nobody has are not found", async () => {
  await using http = await openHttp();
  const { id } = await http.desk.open(manhole(), { actor: seat });
  const other = await http.desk.open(manhole({ kind: 'tree' }), { actor: seat });
  const get = async (of: string, headers = {}) =>
    (await http.app.inject({ url: `/incidents/${of}/plan`, headers })).json();
  expect(await get(id, { 'x-actor': 'south' })).toMatchObject({ status: 404, code: 'INCIDENT_NOT_FOUND' });
  expect(await get(other.id)).toMatchObject({ status: 404, code: 'PLAN_NOT_FOUND' });
  const url = `/incidents/${id}/plan/steps/nothing/done`;
  expect((await http.app.inject({ method: 'POST', url })).json()).toMatchObject({ code: 'PLAN_STEP_NOT_FOUND' });
  expect(http.access.get('POST /incidents/:id/plan/steps/:step/done')).toEqual(['seat']);
  expect(http.access.get('GET /incidents/:id/plan')).toBe('any');
});
