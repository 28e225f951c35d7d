/** Reads `plans/*.yaml` for the configuration: each is checked against all that it names. */
import type { ChannelsConfig } from './dispatch/channels/config.ts';
import type { UnitsFile } from './dispatch/config.ts';
import { type Plan, PlanFile, type PlanWorld, planIssues } from './dispatch/plans/config.ts';
import type { AreasGeoJson } from './gis/area-feature.ts';
import type { ValueIssue } from './shared/check-value.ts';
import type { ConfigReader } from './shared/config-reader.ts';

/** What plans speak of; undefined where the file is wrong itself. */
interface PlanSurroundings {
  readonly tianliang: { readonly channels: ChannelsConfig } | undefined;
  readonly cameras: readonly { readonly id: string }[];
  readonly units: UnitsFile | undefined;
  readonly areas: AreasGeoJson | undefined;
}

/** `plans/*.yaml`: a plan each, in the order of their names. */
export async function readPlans(
  reader: ConfigReader,
  files: readonly string[],
  around: PlanSurroundings,
): Promise<Plan[]> {
  const world = planWorld(around);
  const fileOf = new Map<string, string>();
  const plans: Plan[] = [];
  for (const name of files) {
    const also = (plan: Plan) => [...repeatedPlan(fileOf.get(plan.id)), ...(world ? planIssues(plan, world) : [])];
    const plan = await reader.read({ name, schema: PlanFile, also });
    if (!plan) continue;
    fileOf.set(plan.id, name);
    plans.push(plan);
  }
  return plans;
}

/** Of files that are wrong themselves nothing is known: what a plan names of them is looked at once they are right. */
function planWorld({ tianliang, cameras, units, areas }: PlanSurroundings): PlanWorld | undefined {
  if (!tianliang || !units || !areas) return undefined;
  return {
    areas: new Set(areas.features.map(({ properties }) => properties.id)),
    skills: new Set(units.units.flatMap(({ skills }) => skills)),
    cameras: new Set(cameras.map(({ id }) => id)),
    channels: new Set(tianliang.channels.filter(({ kind }) => kind === 'webhook').map(({ id }) => id)),
  };
}

function repeatedPlan(file: string | undefined): ValueIssue[] {
  if (file === undefined) return [];
  return [{ path: ['id'], at: 'value', message: `expected an id that no other plan has; ${file} has it too` }];
}
