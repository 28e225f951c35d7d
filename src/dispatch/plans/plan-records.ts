import type { Actor } from '../../shared/actor.ts';
import { incidentPlan, updateIncidentPlan } from '../../store/incident-plans-repository.ts';
import type { IncidentTx } from '../incidents/incident-tx.ts';
import { type BoundPlan, type Outcome, withOutcome } from './bound-plan.ts';
import { PlanContendedError } from './plan-errors.ts';

/** Rows are written by this folder alone. */
export function boundOf(data: string): BoundPlan {
  const plan: BoundPlan = JSON.parse(data);
  return plan;
}

export interface StepChange {
  readonly incident: string;
  readonly step: string;
  readonly outcome: Outcome;
  readonly actor: Actor;
}

/**
 * The step, the incident's event and the row of its timeline in one transaction; false, and nothing written, when the step is
 * like that already. Fails with `PLAN_CONTENDED`.
 */
export async function changeStep(
  work: IncidentTx,
  { incident: id, step, outcome, actor }: StepChange,
): Promise<boolean> {
  const [row, incident] = [await incidentPlan(work.tx, id), await work.read(id)];
  if (!row || !incident) return false;
  const before = boundOf(row.data);
  const after = withOutcome(before, step, outcome);
  if (after === before) return false;
  const next = { ...row, version: row.version + 1, data: JSON.stringify(after) };
  if (!(await updateIncidentPlan(work.tx, next, row.version))) throw new PlanContendedError(id);
  const { state: became, note } = outcome;
  const details = { plan: after.id, step, became, ...(note !== undefined && { note }) };
  await work.change(incident, incident, { actor, action: 'incident.plan-step', details });
  return true;
}
