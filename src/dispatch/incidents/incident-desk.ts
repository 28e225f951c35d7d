import { systemActor } from '../../shared/actor.ts';
import { incidentByReference, incidentsNear } from '../../store/incidents-repository.ts';
import type { ResponsibilityMatrix, Term, Verdict } from '../responsibility/matrix.ts';
import type { PlaceFinder } from '../unit-state.ts';
import type { AlertSource } from './alert-source.ts';
import { type Command, seenBy } from './command.ts';
import type { Incident } from './incident.ts';
import { IncidentMoveError } from './incident-errors.ts';
import type { DeskMove } from './incident-move.ts';
import type { PlanSource } from './incident-plan.ts';
import type { IncidentRecords } from './incident-records.ts';
import { type IncidentReport, type KnownReport, newIncident } from './incident-report.ts';
import { type IncidentTx, parsed } from './incident-tx.ts';
import { moveIncident } from './move-incident.ts';
import { searchAround, similarTo } from './similar.ts';

export interface IncidentDeskOptions {
  readonly records: IncidentRecords;
  readonly matrix: ResponsibilityMatrix;
  readonly find: PlaceFinder;
  readonly alerts: AlertSource;
  readonly plans?: PlanSource | undefined;
  readonly now?: (() => Date) | undefined;
}

/** Whose work it becomes, how long they have, and why it is no longer who had it before. */
export interface Assigning extends Term {
  readonly department: string;
  readonly reason?: string | undefined;
}

/** Decisions that need nothing but the incident. */
export type Decision = Exclude<DeskMove, { type: 'assign' | 'review' | 'reopen' | 'photo' | 'plan' }>;

/** Opens incidents and takes what people decide of them. Each method is one transaction and fails as the moves do. */
export class IncidentDesk {
  readonly #options: IncidentDeskOptions;
  readonly #now: () => Date;
  #matrix: ResponsibilityMatrix;

  constructor(options: IncidentDeskOptions) {
    this.#options = options;
    this.#matrix = options.matrix;
    this.#now = options.now ?? (() => new Date());
  }

  /** From now on this is the matrix; what is somebody's work already stays theirs, with the time it has. */
  configure(matrix: ResponsibilityMatrix): void {
    this.#matrix = matrix;
  }

  /** A report of the same source with the same number is answered with the incident that it is already. */
  open(report: IncidentReport, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['open', report], (work) => this.openIn(work, report, command));
  }

  /** The same within somebody's transaction. */
  async openIn(work: IncidentTx, report: KnownReport, command: Command): Promise<Incident> {
    const { actor } = command;
    const known = await knownReport(work, report);
    if (known) return seenBy(actor, known.id, known);
    const now = this.#now();
    const { find, alerts } = this.#options;
    const made = newIncident(report, { find, now });
    const similar = await this.#similar(work, made);
    const details = { source: made.source, title: made.title, alerts: made.alerts };
    const incident = await work.create(
      { ...made, ...(similar.length > 0 && { similar }) },
      { actor, action: 'incident.open', details },
    );
    for (const alert of made.alerts) {
      const { told } = await alerts.take(work.tx, alert, { actor, incident: incident.id });
      work.afterwards(told);
    }
    const routed = await this.#route(work, incident, now);
    return (await this.#options.plans?.bind(work, routed, now)) ?? routed;
  }

  /** Gives it to a department; its deadline is what is given, else what the matrix has for it. */
  assign(id: string, { department, reason, ...term }: Assigning, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['assign', id, department, reason, term], async (work) => {
      const now = this.#now();
      const deadline = this.#matrix.deadline(term, now) ?? deadlineOf(await this.#judged(work, id, now), department);
      return await moveIncident(work, { id, move: { type: 'assign', department, deadline, reason }, command, now });
    });
  }

  /** It was not over: the time it has begins anew. */
  reopen(id: string, { reason }: { readonly reason: string }, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['reopen', id, reason], async (work) => {
      const now = this.#now();
      const department = (await work.read(id))?.department;
      const deadline = deadlineOf(await this.#judged(work, id, now), department);
      return await moveIncident(work, { id, move: { type: 'reopen', reason, deadline }, command, now });
    });
  }

  /** The incident becomes part of another, which is answered. */
  merge(id: string, { into }: { readonly into: string }, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['merge', id, into], async (work) => {
      const now = this.#now();
      seenBy(command.actor, into, await work.read(into));
      const part = await moveIncident(work, { id, move: { type: 'merge', into }, command, now });
      const { actor } = command;
      return await moveIncident(work, { id: into, move: { type: 'absorb', part }, command: { actor }, now });
    });
  }

  /** Takes a part out of the incident again: it goes on as it was. */
  split(id: string, { part: name }: { readonly part: string }, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['split', id, name], async (work) => {
      const now = this.#now();
      const { actor } = command;
      const part = seenBy(actor, name, await work.read(name));
      if (part.mergedInto !== id) throw new IncidentMoveError('split', part.state, `and no part of ${id}`);
      await moveIncident(work, { id: name, move: { type: 'split' }, command: { actor }, now });
      return await moveIncident(work, { id, move: { type: 'release', part }, command, now });
    });
  }

  decide(id: string, move: Decision, command: Command): Promise<Incident> {
    return this.#options.records.command(command, [id, move], (work) =>
      moveIncident(work, { id, move, command, now: this.#now() }),
    );
  }

  /** Whose it is by the matrix: one department has it at once, a dispute is left to people. */
  async #route(work: IncidentTx, incident: Incident, now: Date): Promise<Incident> {
    const verdict = this.#matrix.judge(incident, now);
    if (verdict.type === 'nobody') return incident;
    const command = { actor: systemActor };
    const { id } = incident;
    if (verdict.type === 'disputed') {
      const { departments, because } = verdict;
      return await moveIncident(work, { id, move: { type: 'review', departments, because }, command, now });
    }
    const { department, deadline, because, severity } = verdict;
    return await moveIncident(work, {
      id,
      move: { type: 'assign', department, deadline, because, severity },
      command,
      now,
    });
  }

  async #judged(work: IncidentTx, id: string, now: Date): Promise<Verdict> {
    const incident = await work.read(id);
    return incident ? this.#matrix.judge(incident, now) : { type: 'nobody' };
  }

  async #similar(work: IncidentTx, { kind, at, position }: Pick<Incident, 'kind' | 'at' | 'position'>) {
    if (!position) return [];
    const sighting = { kind, at, position };
    const near = await incidentsNear(work.tx, { ...searchAround(sighting), limit: 100 });
    return similarTo(
      sighting,
      near.flatMap((data) => parsed(data) ?? []),
    );
  }
}

async function knownReport({ tx }: IncidentTx, { source, reference }: IncidentReport): Promise<Incident | undefined> {
  return reference === undefined ? undefined : parsed(await incidentByReference(tx, source, reference));
}

/** The time that the matrix has for the department; for another one it says nothing. */
function deadlineOf(verdict: Verdict, department: string | undefined) {
  return verdict.type === 'one' && verdict.department === department ? verdict.deadline : undefined;
}
