import type { Assignment, AssignmentState, Incident, IncidentState } from '../api/incident-shapes.ts';

/** What somebody did for an incident: a unit, or the desk. */
export type LaneStep =
  | { readonly at: number; readonly unit: string; readonly step: AssignmentState }
  | { readonly at: number; readonly state: IncidentState };

const moments = ['dispatched', 'accepted', 'arrived', 'completed', 'declined', 'recalled'] as const;
const deskStates = ['received', 'handled', 'verified', 'closed'] as const;
const ended: ReadonlySet<IncidentState> = new Set(['handled', 'verified', 'closed']);

/** All that was done for it, oldest first. */
export function laneSteps({ assignments, times }: Incident): LaneStep[] {
  const desk = deskStates.flatMap((state): LaneStep[] => {
    const at = times[state];
    return at === undefined ? [] : [{ at: Date.parse(at), state }];
  });
  return [...desk, ...assignments.flatMap(unitSteps)].sort((a, b) => a.at - b.at);
}

function unitSteps({ unit, times }: Assignment): LaneStep[] {
  return moments.flatMap((step) => {
    const at = times[step];
    return at === undefined ? [] : [{ at: Date.parse(at), unit, step }];
  });
}

/** Until when it has to be reported of. */
export function laneLimit({ dueAt, state }: Incident): number | undefined {
  return dueAt === undefined || ended.has(state) ? undefined : Date.parse(dueAt);
}

/** Whose lane it is: the chosen alert's incident, else the one whose time is up first. */
export function laneIncident(
  incidents: ReadonlyMap<string, Incident>,
  chosen: string | undefined,
): Incident | undefined {
  const own = chosen === undefined ? undefined : incidents.get(chosen);
  if (own) return own;
  let first: Incident | undefined;
  for (const incident of incidents.values())
    if (incident.dueAt !== undefined && !ended.has(incident.state) && (!first?.dueAt || incident.dueAt < first.dueAt))
      first = incident;
  return first;
}
