import { type Plan, PlanFile } from '../../../src/dispatch/plans/config.ts';
import { IncidentPlans } from '../../../src/dispatch/plans/incident-plans.ts';
import { PlanDesk, type Steer } from '../../../src/dispatch/plans/plan-desk.ts';
import { checkValue } from '../../../src/shared/check-value.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { type LoopOptions, openLoop } from '../incidents/incident-fixtures.ts';

/** A plan as its file says it. */
export function planOf(file: unknown): Plan {
  const checked = checkValue(PlanFile, file);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return checked.value;
}

export interface PlannedOptions extends LoopOptions {
  readonly visibility?: () => number | undefined;
  readonly steer?: Steer;
}

/** The loop with plans; cameras are k1, k2, k3 from near to far. */
export async function openPlanned(files: readonly unknown[], { visibility, steer, ...options }: PlannedOptions = {}) {
  const source = new IncidentPlans({
    plans: files.map(planOf),
    camerasNear: (_place, count) => ['k1', 'k2', 'k3'].slice(0, count),
    visibilityAt: () => visibility?.(),
  });
  const loop = await openLoop({ ...options, plans: source });
  const openDesk = () =>
    new PlanDesk({ ...loop, plans: source, steer: steer ?? (async () => undefined), log: silentLog });
  const planDesk = openDesk();
  const end = async () => {
    await planDesk.close();
    await loop[Symbol.asyncDispose]();
  };
  return { ...loop, source, planDesk, openDesk, [Symbol.asyncDispose]: end };
}
