import { type Command, moverOf, seenBy, sureOfVersion } from './command.ts';
import type { Incident } from './incident.ts';
import type { IncidentMove } from './incident-move.ts';
import { nextIncident } from './incident-state.ts';
import type { Deed, IncidentTx } from './incident-tx.ts';

export interface Moving {
  readonly id: string;
  readonly move: IncidentMove;
  readonly command: Command;
  readonly now: Date;
}

/** Makes the move on what the database holds; one that has been made already writes nothing. */
export async function moveIncident(work: IncidentTx, { id, move, command, now }: Moving): Promise<Incident> {
  const { actor, version } = command;
  const from = seenBy(actor, id, await work.read(id));
  const next = nextIncident(from, move, moverOf(actor, now));
  if (next === from) return from;
  sureOfVersion(from, version);
  return await work.change(from, next, { actor, ...deedOf(from, move) });
}

/** The move in the words of the ledger. */
function deedOf({ state: from, assignments }: Incident, move: IncidentMove): Omit<Deed, 'actor'> {
  switch (move.type) {
    case 'dispatch': {
      const { id: assignment, unit } = move.assignment;
      return { action: 'incident.dispatch', details: { from, assignment, unit } };
    }
    case 'receipt': {
      const { assignment, receipt } = move;
      return {
        action: `receipt.${receipt.state}`,
        details: { from, assignment, unit: unitOf(assignments, assignment) },
      };
    }
    case 'accept':
    case 'arrive':
    case 'complete':
    case 'decline':
    case 'recall': {
      const { type, ...details } = move;
      const unit = unitOf(assignments, move.assignment);
      return { action: `assignment.${type}`, details: { from, unit, ...details } };
    }
    case 'absorb':
    case 'release':
      return { action: `incident.${move.type}`, details: { from, part: move.part.id } };
    default: {
      const { type, ...details } = move;
      return { action: `incident.${type}`, details: { from, ...details } };
    }
  }
}

const unitOf = (assignments: Incident['assignments'], id: string) => assignments.find((one) => one.id === id)?.unit;
