import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Choices } from '../../../src/dispatch/incidents/choices.ts';
import { Dispatcher } from '../../../src/dispatch/incidents/dispatcher.ts';
import type { Incident } from '../../../src/dispatch/incidents/incident.ts';
import { IncidentBook } from '../../../src/dispatch/incidents/incident-book.ts';
import { IncidentDesk } from '../../../src/dispatch/incidents/incident-desk.ts';
import { IncidentRecords } from '../../../src/dispatch/incidents/incident-records.ts';
import { Proposals } from '../../../src/dispatch/incidents/proposals.ts';
import { ResponsibilityMatrix } from '../../../src/dispatch/responsibility/matrix.ts';
import { UnitBoard } from '../../../src/dispatch/unit-board.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { incidentByReference } from '../../../src/store/incidents-repository.ts';
import { openStore } from '../../../src/store/store.ts';
import { type LaneCommand, type Outcome, units } from './loop-model.ts';

/** Does what each line asks, one after the other in each lane and all lanes at once; a line for each answer, until it is killed. */
const [path = '', lanes = ''] = process.argv.slice(2);
const store = await openStore(path);
const actor: Actor = { id: 's1', name: '席1', role: 'seat', areas: 'all' };
const unitIds = Array.from({ length: Number(lanes) }, (_, lane) => units.map((unit) => `${lane}${unit}`)).flat();
const board = new UnitBoard({
  units: unitIds.map((id) => ({ id, name: id, kind: 'patrol', skills: [] })),
  find: (given) => given,
  latest: async () => [],
  log: silentLog,
});
const noAlerts = {
  facts: () => Promise.reject(new Error('no alerts here')),
  take: () => Promise.reject(new Error('no alerts here')),
};
const matrix = new ResponsibilityMatrix({
  rows: [],
  calendar: { zone: 'UTC', week: ['mon'], holidays: [], workdays: [] },
});
const records = new IncidentRecords({ store, superviseMs: 1_000 });
const desk = new IncidentDesk({ records, matrix, find: (given) => given, alerts: noAlerts });
const book = new IncidentBook(store);
const factsOf = () => Promise.reject(new Error('no alerts here'));
const proposals = new Proposals({ book, candidates: { rank: () => [], way: () => undefined }, factsOf });
const choices = new Choices({ store, book, board, proposals });
const dispatcher = new Dispatcher({ records, desk, alerts: noAlerts, board, choices, acceptMs: 60_000 });

async function run(command: LaneCommand): Promise<Outcome> {
  try {
    const incident = await obey(command);
    return incident ? { version: incident.version, state: incident.state } : { error: 'NONE' };
  } catch (error) {
    if (error instanceof AppError) return { error: error.code };
    throw error;
  }
}

async function obey({ lane, n, name, ref, unit }: LaneCommand): Promise<Incident | undefined> {
  const reference = `${lane}${ref}`;
  const unitId = `${lane}${unit}`;
  const command = { actor, key: `${lane}-${n}` };
  if (name === 'open')
    return await desk.open({ source: 'grid', kind: 'manhole', title: reference, reference, alerts: [] }, command);
  const found = await incidentByReference(store.db, 'grid', reference);
  if (found === undefined) return undefined;
  const { id }: Incident = JSON.parse(found);
  switch (name) {
    case 'assign':
      return await desk.assign(id, { department: '住建局', reason: 'r' }, command);
    case 'dispatch':
      return await dispatcher.dispatch(id, { unit: unitId }, command);
    case 'reopen':
      return await desk.reopen(id, { reason: 'r' }, command);
    case 'feedback':
      return await desk.decide(id, { type: 'feedback', text: 't' }, command);
    case 'verify':
      return await desk.decide(id, { type: 'verify' }, command);
    case 'close':
      return await desk.decide(id, { type: 'close', reason: 'r' }, command);
    default: {
      const { assignments } = await book.get(id);
      const assignment = assignments.findLast((one) => one.unit === unitId)?.id;
      if (assignment === undefined) return undefined;
      if (name === 'recall') return await dispatcher.recall(id, { unit: unitId, reason: 'r' }, command);
      return await dispatcher.answer(assignment, { type: name, reason: 'r' }, command);
    }
  }
}

const turns = new Map<number, Promise<void>>();
for await (const line of createInterface({ input: process.stdin })) {
  const command: LaneCommand = JSON.parse(line);
  const { lane, n } = command;
  const turn = (turns.get(lane) ?? Promise.resolve()).then(async () => {
    const outcome = await run(command);
    writeSync(1, `${JSON.stringify({ lane, n, outcome })}\n`);
  });
  turns.set(lane, turn);
}
