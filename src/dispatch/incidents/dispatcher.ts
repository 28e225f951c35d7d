import { randomUUIDv7 } from 'node:crypto';
import { type Actor, systemActor } from '../../shared/actor.ts';
import { incidentOfAssignment, openAssignmentOf } from '../../store/assignments-repository.ts';
import { unitMessageById } from '../../store/unit-messages-repository.ts';
import type { Receipt } from '../downlink/downlink.ts';
import type { UnitMessage } from '../downlink/unit-message.ts';
import type { UnitBoard } from '../unit-board.ts';
import { seenUnit } from '../unit-sight.ts';
import type { AlertSource } from './alert-source.ts';
import type { Assignment } from './assignment.ts';
import { isOpen, type StepName } from './assignment-state.ts';
import type { Choices } from './choices.ts';
import { type Command, seenBy } from './command.ts';
import type { Incident } from './incident.ts';
import type { IncidentDesk } from './incident-desk.ts';
import { AssignmentNotFoundError, UnitBusyError } from './incident-errors.ts';
import { planMs } from './incident-plan.ts';
import type { IncidentRecords } from './incident-records.ts';
import type { IncidentTx } from './incident-tx.ts';
import { moveIncident } from './move-incident.ts';

export interface DispatcherOptions {
  readonly records: IncidentRecords;
  readonly desk: IncidentDesk;
  readonly alerts: AlertSource;
  readonly board: UnitBoard;
  readonly choices: Pick<Choices, 'keep'>;
  /** What a unit has to accept. */
  readonly acceptMs: number;
  readonly now?: (() => Date) | undefined;
}

/** What is done with an assignment; `text` is a report of the work, `reason` why it is not done. */
export interface Answer {
  readonly type: Exclude<StepName, 'recall'>;
  readonly reason?: string | undefined;
  readonly text?: string | undefined;
}

/** Sends units and takes their answers, from the patrol page, a seat or a terminal. One assignment a unit at a time. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #now: () => Date;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /** Fails with `UNIT_NOT_FOUND`, `UNIT_BUSY` and as the moves do. */
  dispatch(id: string, { unit }: { readonly unit: string }, command: Command): Promise<Incident> {
    const { records, board } = this.#options;
    seenUnit(board, unit, command.actor);
    return records.command(command, ['dispatch', id, unit], (work) => this.#send(work, { id, unit, command }));
  }

  /** Takes the alert, opens its incident (or goes on with the one it has) and sends the unit: all of it or nothing. The version is the alert's. */
  dispatchAlert(alert: string, { unit }: { readonly unit: string }, command: Command): Promise<Incident> {
    const { records, board, alerts, desk } = this.#options;
    const { actor } = command;
    seenUnit(board, unit, actor);
    return records.command(command, ['dispatch alert', alert, unit], async (work) => {
      const { incident, ...facts } = await alerts.facts(work.tx, alert, command);
      const known = incident === undefined ? undefined : await whereItStands(work, incident);
      // A call for help has its incident before anybody has taken it.
      if (incident !== undefined) work.afterwards((await alerts.take(work.tx, alert, { actor, incident })).told);
      const id = known ?? (await desk.openIn(work, { ...facts, source: 'alert', alerts: [alert] }, { actor })).id;
      return await this.#send(work, { id, unit, command: { actor } });
    });
  }

  recall(id: string, { unit, reason }: { readonly unit: string; readonly reason: string }, command: Command) {
    return this.#options.records.command(command, ['recall', id, unit, reason], async (work) => {
      const assignments = (await work.read(id))?.assignments ?? [];
      const own = assignments.filter((one) => one.unit === unit);
      const assignment = (own.find(isOpen) ?? own.at(-1))?.id ?? unit;
      return await moveIncident(work, { id, move: { type: 'recall', assignment, reason }, command, now: this.#now() });
    });
  }

  /** Fails with `ASSIGNMENT_NOT_FOUND` for another unit's, and as the moves do. */
  answer(assignment: string, answer: Answer, command: Command): Promise<Incident> {
    return this.#options.records.command(command, ['answer', assignment, answer], async (work) => {
      const id = await incidentOfAssignment(work.tx, assignment);
      const incident = id === undefined ? undefined : await work.read(id);
      if (!incident || !speaksFor(command.actor, incident, assignment)) throw new AssignmentNotFoundError(assignment);
      return await moveIncident(work, { id: incident.id, move: { ...answer, assignment }, command, now: this.#now() });
    });
  }

  /** Resolves once the terminal's word is on disk; one that is of no use changes nothing. Safe to be told twice. */
  async receipt({ device, assignment: name, state, at }: Receipt): Promise<void> {
    const { records, board } = this.#options;
    const unit = board.ofTerminal(device)?.id;
    if (unit === undefined) return;
    await records.run(async (work) => {
      const assignment = await assignmentNamed(work, name);
      const id = assignment === undefined ? undefined : await incidentOfAssignment(work.tx, assignment);
      const incident = id === undefined ? undefined : await work.read(id);
      const own = incident?.assignments.find((one) => one.id === assignment && one.unit === unit);
      if (!incident || !own) return;
      const actor: Actor = { ...systemActor, id: `terminal:${device}`, name: `终端 ${device}` };
      const move = { type: 'receipt', assignment: own.id, receipt: { state, at: at.toISOString() } } as const;
      await moveIncident(work, { id: incident.id, move, command: { actor }, now: this.#now() });
    });
  }

  async #send(work: IncidentTx, { id, unit, command }: Sending): Promise<Incident> {
    const busyWith = await openAssignmentOf(work.tx, unit);
    if (busyWith !== undefined) throw new UnitBusyError(unit);
    const now = this.#now();
    const { actor } = command;
    const incident = seenBy(actor, id, await work.read(id));
    const acceptMs = planMs(incident, 'acknowledge') ?? this.#options.acceptMs;
    const assignment = newAssignment(unit, actor, { now, acceptMs });
    const sent = await moveIncident(work, { id, move: { type: 'dispatch', assignment }, command, now });
    await this.#options.choices.keep(work.tx, { incident, assignment, actor });
    return sent;
  }
}

function newAssignment(unit: string, { name }: Actor, { now, acceptMs }: { now: Date; acceptMs: number }): Assignment {
  const at = now.toISOString();
  const acceptBy = new Date(now.getTime() + acceptMs).toISOString();
  return { id: randomUUIDv7(), unit, state: 'dispatched', by: name, at, acceptBy, times: { dispatched: at } };
}

interface Sending {
  readonly id: string;
  readonly unit: string;
  readonly command: Command;
}

/** A patrol answers for its own unit; a seat for whom it hears on the radio. */
function speaksFor({ role, unit }: Actor, { assignments }: Incident, id: string): boolean {
  return role !== 'patrol' || assignments.some((one) => one.id === id && one.unit === unit);
}

/** Where the incident goes on: its own id, or that of the one it is part of. */
async function whereItStands(work: IncidentTx, id: string): Promise<string> {
  const into = (await work.read(id))?.mergedInto;
  return into === undefined ? id : await whereItStands(work, into);
}

/** A receipt names the assignment, or the message that told of it. */
async function assignmentNamed({ tx }: IncidentTx, name: string): Promise<string | undefined> {
  if ((await incidentOfAssignment(tx, name)) !== undefined) return name;
  const data = await unitMessageById(tx, name);
  if (data === undefined) return undefined;
  const message: UnitMessage = JSON.parse(data);
  return message.assignment;
}
