import type { GeoPoint } from '../../gis/point.ts';
import { systemActor } from '../../shared/actor.ts';
import { appendEvent } from '../../store/events-repository.ts';
import { incidentPlan, putIncidentPlan } from '../../store/incident-plans-repository.ts';
import { topicOf } from '../channels/notice.ts';
import { deadlineAt } from '../incidents/clock-moves.ts';
import { type Incident, incidentLimits } from '../incidents/incident.ts';
import { type PlanSource, planMs } from '../incidents/incident-plan.ts';
import type { IncidentTx } from '../incidents/incident-tx.ts';
import { moveIncident } from '../incidents/move-incident.ts';
import { type BoundPlan, boundPlan, planOfIncident, withOutcome } from './bound-plan.ts';
import type { Plan, PlanStep } from './config.ts';
import { type MatchedPlan, matchPlan, moreSpecificFirst } from './match-plan.ts';

export interface IncidentPlansOptions {
  readonly plans: readonly Plan[];
  /** Ids of the cameras nearest to a place, the nearest first. */
  readonly camerasNear: (place: GeoPoint, count: number) => readonly string[];
  /** Metres, as the nearest station measures it at that moment. */
  readonly visibilityAt: (place: GeoPoint, now: Date) => number | undefined;
}

type Notify = Extract<PlanStep, { do: 'notify' }>;

/** The plans, and which of them an incident has: the one that fits it best, until one fits better. */
export class IncidentPlans implements PlanSource {
  readonly #options: IncidentPlansOptions;
  #plans: readonly Plan[];

  constructor(options: IncidentPlansOptions) {
    this.#options = options;
    this.#plans = options.plans;
  }

  get plans(): readonly Plan[] {
    return this.#plans;
  }

  /** From now on; what is under way keeps the plan it has, as it was, unless another one fits better. */
  configure(plans: readonly Plan[]): void {
    this.#plans = plans;
  }

  /** A plan that fits better than what the incident has; weather that comes and goes never takes one away. */
  better(incident: Incident, now: Date): MatchedPlan | undefined {
    const { kind, severity, area, position, plan } = incident;
    const visibility = position && this.#options.visibilityAt(position, now);
    const found = matchPlan(this.#plans, { kind, severity, area, position, visibility, at: now });
    if (!plan || !found) return found;
    if (found.plan.id === plan.id) return undefined;
    const current = this.#plans.find(({ id }) => id === plan.id);
    return current && moreSpecificFirst(current, found.plan) < 0 ? undefined : found;
  }

  /** Writes the plan beside the incident and does at once what needs nothing but the database. */
  async bind(work: IncidentTx, incident: Incident, now: Date): Promise<Incident> {
    const found = this.better(incident, now);
    if (!found) return incident;
    const plan = planOfIncident(found.plan);
    const report = planMs({ plan }, 'report');
    const deadline = report === undefined ? undefined : deadlineAt(now, new Date(now.getTime() + report));
    const command = { actor: systemActor };
    const move = { type: 'plan', plan, because: found.because, deadline } as const;
    const bound = await moveIncident(work, { id: incident.id, move, command, now });
    return await this.#begin(work, bound, { plan: boundPlan(found, now), now });
  }

  async #begin(work: IncidentTx, incident: Incident, { plan, now }: { plan: BoundPlan; now: Date }): Promise<Incident> {
    const { id } = incident;
    let [made, latest] = [plan, incident];
    for (const { step } of plan.steps) {
      const done = { state: 'done', at: now.toISOString(), by: systemActor.name } as const;
      if (step.do === 'cameras') {
        const cameras = incident.position ? this.#options.camerasNear(incident.position, step.nearest) : [];
        made = withOutcome(made, step.id, { ...done, cameras: [...cameras] });
      } else if (step.do === 'notify') {
        latest = await notify(work, latest, { plan, step, now });
        made = withOutcome(made, step.id, done);
      }
    }
    const version = ((await incidentPlan(work.tx, id))?.version ?? 0) + 1;
    await putIncidentPlan(work.tx, { incident: id, plan: plan.id, version, data: JSON.stringify(made) });
    return latest;
  }
}

/** Departments become joint in it, channels are told beside all that they are told anyway. */
async function notify(
  work: IncidentTx,
  incident: Incident,
  { plan, step, now }: { plan: BoundPlan; step: Notify; now: Date },
): Promise<Incident> {
  const { id, kind, severity, title, area, position, road, stake, place } = incident;
  for (const channel of step.channels ?? []) {
    const about = { incident: id, kind, severity, title, area, position, road, stake, place };
    const data = { ...about, plan: plan.id, step: step.id, text: step.text };
    await appendEvent(work.tx, { topic: topicOf(channel), subject: `${id} ${step.id}`, data });
  }
  const room = incidentLimits.joint - (incident.joint?.length ?? 0);
  const departments = (step.departments ?? []).slice(0, room);
  if (departments.length === 0) return incident;
  return await moveIncident(work, { id, move: { type: 'joint', departments }, command: { actor: systemActor }, now });
}
