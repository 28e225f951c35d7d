import { type Static, Type } from 'typebox';
import { UnitKind } from '../unit.ts';
import type { Incident } from './incident.ts';
import type { IncidentTx } from './incident-tx.ts';

const Minutes = Type.Optional(Type.Number({ minimum: 0.1, maximum: 43_200, description: 'minutes, from 0.1 on' }));

/** Minutes until a unit should accept, one should be sent, it should be reported of, and a reason is asked for. */
export const PlanDeadlines = Type.Object(
  { acknowledge: Minutes, handle: Minutes, report: Minutes, supervise: Minutes },
  { additionalProperties: false },
);
export type PlanDeadlines = Readonly<Static<typeof PlanDeadlines>>;

/** So many units, each with all of the skills and of one of the kinds. */
export const WantedUnits = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: 20, default: 1 }),
  skills: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 16 })),
  kinds: Type.Optional(Type.Array(UnitKind, { minItems: 1, maxItems: 4 })),
});
export type WantedUnits = Readonly<Static<typeof WantedUnits>>;

/** What of its plan (预案) an incident goes by. */
export const IncidentPlan = Type.Object({
  id: Type.String(),
  name: Type.String(),
  deadlines: PlanDeadlines,
  wanted: Type.Array(WantedUnits),
});
export type IncidentPlan = Readonly<Static<typeof IncidentPlan>>;

/** Whoever has plans for incidents. */
export interface PlanSource {
  /** Within the transaction that opens it: the incident with the plan that fits it best; as it is where none does. */
  bind(work: IncidentTx, incident: Incident, now: Date): Promise<Incident>;
}

/** A deadline of the incident's plan, milliseconds; undefined where the plan leaves it to the house. */
export function planMs({ plan }: Pick<Incident, 'plan'>, deadline: keyof PlanDeadlines): number | undefined {
  const minutes = plan?.deadlines[deadline];
  return minutes === undefined ? undefined : minutes * 60_000;
}

/** Whom its plan wants next, after the units that it has; undefined when anybody will do. */
export function wantedNext(
  { plan, assignments }: Pick<Incident, 'plan' | 'assignments'>,
  now: Date,
): WantedUnits | undefined {
  let missing = assignments.filter((assignment) => comes(assignment, now)).length;
  return plan?.wanted.find(({ count }) => {
    missing -= count;
    return missing < 0;
  });
}

/** Who does not answer in time has to be replaced, as who has declined. */
function comes({ state, acceptBy }: Incident['assignments'][number], now: Date): boolean {
  if (state === 'declined' || state === 'recalled') return false;
  return state !== 'dispatched' || Date.parse(acceptBy) > now.getTime();
}
