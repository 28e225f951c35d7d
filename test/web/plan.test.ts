import { expect, test, vi } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import type { Incident, PlanStep, PlanView } from '../../web/src/api/incident-shapes.ts';
import { ProblemError } from '../../web/src/api/problem-error.ts';
import { usePlan } from '../../web/src/plan/plan-of.ts';
import { planRows } from '../../web/src/plan/plan-rows.ts';

const at = '2026-11-26T08:00:00.000Z';
const now = Date.parse(at);
const t = (key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join(' ');
const later = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
const step = (more: Partial<PlanStep> = {}): PlanStep => ({
  id: 's',
  text: '',
  automatic: false,
  state: 'open',
  ...more,
});

test.each<[string, Partial<PlanStep>, object]>([
  ['is open without a limit', {}, { look: 'open', open: true, said: '' }],
  ['counts down', { dueAt: later(98) }, { look: 'open', open: true, said: 'steps.left 1:38' }],
  ['is late, by how much', { dueAt: later(-5) }, { look: 'late', open: true, said: 'steps.late 0:05' }],
  ['waits for the house', { automatic: true, state: 'due' }, { look: 'open', open: false, said: 'plan.waiting' }],
  ['is under way', { automatic: true, state: 'started' }, { look: 'open', open: false, said: 'plan.started' }],
  ['was done by the house', { state: 'done', by: 'system', at }, { look: 'done', open: false }],
  ['is seen to be done', { state: 'done', dueAt: later(-5) }, { look: 'done', said: 'plan.units' }],
  [
    'failed and may be done by hand',
    { state: 'failed', note: 'no' },
    { look: 'failed', open: true, said: 'plan.failed no' },
  ],
])('a step that %s', (_, more, row) => {
  expect(planRows([step(more)], now, t)).toMatchObject([row]);
});

const incident = (id: string, version: number): Incident => JSON.parse(JSON.stringify({ id, version }));
const view = (id: string, version: number): PlanView => ({ id, name: id, version, steps: [step({ text: id })] });

test('the plan is read with each change of its incident, and a tick is shown as the server has it', async () => {
  const asked: string[] = [];
  const refused: ProblemError[] = [];
  let version = 0;
  const answer = async (path: string) => {
    asked.push(path);
    const problem = refused.shift();
    if (problem) throw problem;
    version += 1;
    return JSON.parse(JSON.stringify(view(path.split('/')[2] ?? '', version)));
  };
  const shown = shallowRef(incident('a', 1));
  const scope = effectScope();
  const plan = scope.run(() => usePlan(shown, { api: { get: answer, post: answer } }));
  if (!plan) throw new Error('no plan');
  await vi.waitFor(() => expect(plan.plan.value?.version).toBe(1));
  shown.value = incident('a', 2);
  await vi.waitFor(() => expect(plan.plan.value?.version).toBe(2));
  await plan.tick('sign');
  expect(plan.plan.value?.version).toBe(3);
  refused.push(new ProblemError(409, 'PLAN_CONTENDED', ''));
  await plan.tick('sign');
  expect([plan.plan.value?.version, plan.refusal.value?.code]).toEqual([3, 'PLAN_CONTENDED']);
  shown.value = incident('b', 1);
  await vi.waitFor(() => expect([plan.plan.value?.id, plan.refusal.value]).toEqual(['b', undefined]));
  expect(asked).toEqual([
    ...[
      '/incidents/a/plan',
      '/incidents/a/plan',
      '/incidents/a/plan/steps/sign/done',
      '/incidents/a/plan/steps/sign/done',
    ],
    '/incidents/b/plan',
  ]);
  scope.stop();
});
