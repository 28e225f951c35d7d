import { type Actor, systemActor } from '../../shared/actor.ts';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { incidentPlan, openIncidentPlans } from '../../store/incident-plans-repository.ts';
import { incidentById } from '../../store/incidents-repository.ts';
import type { Store } from '../../store/store.ts';
import { seenBy } from '../incidents/command.ts';
import { type Incident, incidentStates } from '../incidents/incident.ts';
import type { IncidentRecords } from '../incidents/incident-records.ts';
import { parsed } from '../incidents/incident-tx.ts';
import { type BoundPlan, type Outcome, type PlanView, planView } from './bound-plan.ts';
import type { IncidentPlans } from './incident-plans.ts';
import { PlanNotFoundError, PlanStepNotFoundError, PlanStepRefusedError } from './plan-errors.ts';
import { boundOf, changeStep } from './plan-records.ts';

/** Turns a camera to a preset, with its row in the ledger. */
export type Steer = (wanted: {
  readonly camera: string;
  readonly preset: string;
  readonly incident: string;
}) => Promise<void>;

export interface PlanDeskOptions {
  readonly store: Store;
  readonly records: IncidentRecords;
  readonly plans: IncidentPlans;
  readonly steer: Steer;
  readonly log: Log;
}

const mostOpen = 1_000;
const unhandled = incidentStates.slice(0, incidentStates.indexOf('handled'));

/** Goes on with the plans of incidents: what the house does beyond the database, once, and what people tick off. */
export class PlanDesk {
  readonly #options: PlanDeskOptions;
  readonly #failed: ErrorTally;
  readonly #working = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(options: PlanDeskOptions) {
    this.#options = options;
    this.#failed = new ErrorTally((count, err) => options.log.warn({ count, err }, 'plans not gone on with'), 10_000);
    options.records.on('changed', (incident) => this.know(incident));
  }

  /** What was begun when the house went down is said to have failed: it is never done twice. */
  async start(): Promise<void> {
    for (const { incident, data } of await openIncidentPlans(this.#options.store.db, mostOpen)) {
      const { steps } = boundOf(data);
      for (const { step, state } of steps)
        if (state === 'started') await this.#settle(incident, step.id, interrupted());
      if (steps.some(({ state }) => state === 'due')) this.#work(incident, () => this.#act(incident));
    }
  }

  /** The newest state of an incident, as the disk has it. */
  know(incident: Incident): void {
    if (!unhandled.includes(incident.state)) return;
    const { plans, records } = this.#options;
    this.#work(incident.id, async () => {
      const fit = plans.better(incident, new Date());
      if (fit)
        await records.run(async (work) => {
          const latest = await work.read(incident.id);
          if (latest && unhandled.includes(latest.state)) await plans.bind(work, latest, new Date());
        });
      if (incident.plan) await this.#act(incident.id);
    });
  }

  /** Fails with `INCIDENT_NOT_FOUND` or `PLAN_NOT_FOUND`. */
  async view(id: string, actor: Actor): Promise<PlanView> {
    const { db } = this.#options.store;
    const incident = seenBy(actor, id, parsed(await incidentById(db, id)));
    const row = await incidentPlan(db, id);
    if (!row) throw new PlanNotFoundError(id);
    const from = incident.times.received ?? incident.at;
    const sent = incident.assignments.filter(({ state }) => state !== 'declined' && state !== 'recalled').length;
    const { handle } = incident.plan?.deadlines ?? {};
    return planView(boundOf(row.data), { version: row.version, from, handle, sent });
  }

  /** A seat ticks a step off; to do so again changes nothing. Fails also with `PLAN_STEP_NOT_FOUND` or `PLAN_STEP_REFUSED`. */
  async done(id: string, { step, note }: { readonly step: string; readonly note?: string | undefined }, actor: Actor) {
    await this.#options.records.run(async (work) => {
      seenBy(actor, id, await work.read(id));
      const row = await incidentPlan(work.tx, id);
      if (!row) throw new PlanNotFoundError(id);
      const plan = boundOf(row.data);
      refuseUnless(plan, step);
      const outcome: Outcome = { ...doneBy(actor), ...(note !== undefined && { note }) };
      await changeStep(work, { incident: id, step, actor, outcome });
    });
    return await this.view(id, actor);
  }

  /** Waits for what is being done; nothing more is begun. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#working.values());
    this.#failed.close();
  }

  /** One thing at a time for each incident. */
  #work(incident: string, work: () => Promise<void>): void {
    if (this.#isClosed) return;
    const before = this.#working.get(incident) ?? Promise.resolve();
    const now = before
      .then(() => (this.#isClosed ? undefined : work()))
      .catch((error) => this.#failed.add(error))
      .finally(() => {
        if (this.#working.get(incident) === now) this.#working.delete(incident);
      });
    this.#working.set(incident, now);
  }

  async #act(incident: string): Promise<void> {
    const row = await incidentPlan(this.#options.store.db, incident);
    const due = row ? boundOf(row.data).steps.filter(({ state }) => state === 'due') : [];
    for (const { step } of due) {
      if (step.do !== 'ptz' || this.#isClosed) continue;
      if (!(await this.#settle(incident, step.id, { state: 'started', at: new Date().toISOString() }))) continue;
      const { camera, preset } = step;
      const error: unknown = await this.#options.steer({ camera, preset, incident }).catch((cause: unknown) => cause);
      await this.#settle(incident, step.id, error === undefined ? doneBy(systemActor) : failedFor(error));
    }
  }

  /** False when somebody else was faster. */
  #settle(incident: string, step: string, outcome: Outcome): Promise<boolean> {
    return this.#options.records.run((work) => changeStep(work, { incident, step, outcome, actor: systemActor }));
  }
}

function refuseUnless({ id, steps }: BoundPlan, name: string): void {
  const found = steps.find(({ step }) => step.id === name);
  if (!found) throw new PlanStepNotFoundError(id, name);
  if (found.state === 'due' || found.state === 'started') throw new PlanStepRefusedError(name, found.state);
}

const doneBy = ({ name }: Actor): Outcome => ({ state: 'done', at: new Date().toISOString(), by: name });
const interrupted = (): Outcome => ({
  state: 'failed',
  at: new Date().toISOString(),
  note: 'interrupted by a restart',
});
const failedFor = (error: unknown): Outcome => ({
  state: 'failed',
  at: new Date().toISOString(),
  note: (error instanceof Error ? error.message : 'it failed').slice(0, 200),
});
