import { type Static, Type } from 'typebox';
import { Reason } from '../../shared/reason.ts';
import type { IncidentPlan } from '../incidents/incident-plan.ts';
import { type Plan, PlanStep } from './config.ts';
import type { MatchedPlan } from './match-plan.ts';
import { isAutomatic, stepText } from './step-words.ts';

/** `due` waits for the house to do it, `started` was begun: after a restart nobody knows how that ended, and it is `failed`. */
export const StepStateName = Type.Enum(['open', 'due', 'started', 'done', 'failed']);
export type StepStateName = Static<typeof StepStateName>;

const outcome = {
  state: StepStateName,
  /** When it came to this state, and by whom. */
  at: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  /** What was called up. */
  cameras: Type.Optional(Type.Array(Type.String())),
};

/** A step of the plan as it was when it was bound, and what became of it. */
const BoundStep = Type.Object({ step: PlanStep, ...outcome });
export type BoundStep = Readonly<Static<typeof BoundStep>>;

/** The plan of one incident as the database keeps it: a change of the files changes nothing of what is under way. */
export interface BoundPlan {
  readonly id: string;
  readonly name: string;
  readonly because: Reason;
  readonly at: string;
  readonly steps: readonly BoundStep[];
}

export function boundPlan({ plan, because }: MatchedPlan, at: Date): BoundPlan {
  const { id, name, steps } = plan;
  const bound = steps.map((step) => ({ step, state: isAutomatic(step) ? ('due' as const) : ('open' as const) }));
  return { id, name, because, at: at.toISOString(), steps: bound };
}

/** What the incident itself goes by. */
export function planOfIncident({ id, name, deadlines, steps }: Plan): IncidentPlan {
  const wanted = steps.flatMap(({ id: _, after: _after, ...step }) => {
    if (step.do !== 'units') return [];
    const { do: _do, ...units } = step;
    return [units];
  });
  return { id, name, deadlines, wanted };
}

export type Outcome = Readonly<Partial<Omit<BoundStep, 'step'>>> & Pick<BoundStep, 'state'>;

/** The very same object comes back when the step is as it should be already, or there is no such step. */
export function withOutcome(plan: BoundPlan, step: string, outcome: Outcome): BoundPlan {
  const before = plan.steps.find((one) => one.step.id === step);
  if (!before || before.state === outcome.state) return plan;
  const steps = plan.steps.map((one) => (one === before ? { step: one.step, ...outcome } : one));
  return { ...plan, steps };
}

/** A step as a seat sees it. */
export const PlanStepView = Type.Object({
  id: Type.String(),
  do: Type.String(),
  text: Type.String(),
  automatic: Type.Boolean(),
  /** Until when it should be done. */
  dueAt: Type.Optional(Type.String()),
  /** What a units step asks for. */
  count: Type.Optional(Type.Integer()),
  skills: Type.Optional(Type.Array(Type.String())),
  ...outcome,
});
export const PlanView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  because: Reason,
  at: Type.String(),
  version: Type.Integer(),
  steps: Type.Array(PlanStepView),
});
export type PlanView = Static<typeof PlanView>;

export interface Viewing {
  readonly version: number;
  /** When the incident was received: what the minutes of steps count from. */
  readonly from: string;
  /** Minutes until a unit should be sent. */
  readonly handle: number | undefined;
  /** How many units were sent and have not said no. */
  readonly sent: number;
}

export function planView({ steps, ...plan }: BoundPlan, viewing: Viewing): PlanView {
  let free = viewing.sent;
  const views = steps.map((one) => {
    if (one.step.do !== 'units') return stepView(one, viewing);
    free -= one.step.count;
    // Nobody ticks off what can be seen.
    const isSent = one.state === 'open' && free >= 0;
    return stepView(isSent ? { ...one, state: 'done' } : one, viewing);
  });
  return { ...plan, version: viewing.version, steps: views };
}

function stepView({ step, ...outcome }: BoundStep, { from, handle }: Viewing): PlanView['steps'][number] {
  const minutes = step.after ?? (step.do === 'units' ? handle : undefined);
  const dueAt = minutes === undefined ? undefined : new Date(Date.parse(from) + minutes * 60_000).toISOString();
  const units = step.do === 'units' && { count: step.count, ...(step.skills && { skills: [...step.skills] }) };
  return {
    id: step.id,
    do: step.do,
    text: stepText(step),
    automatic: isAutomatic(step),
    ...(dueAt !== undefined && { dueAt }),
    ...units,
    ...outcome,
  };
}
