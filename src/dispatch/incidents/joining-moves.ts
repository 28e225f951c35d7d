import { type Incident, incidentLimits, mostUrgent } from './incident.ts';
import { IncidentFullError, IncidentMoveError } from './incident-errors.ts';
import type { JoiningMove, Mover } from './incident-move.ts';
import { isIdle, signatureOf } from './unit-moves.ts';

/** Two incidents that turn out to be one, and one that turns out to be two: the part is closed, and goes on where it is. */
export function joiningMoved(incident: Incident, move: JoiningMove, by: Mover): Incident {
  switch (move.type) {
    case 'merge':
      return merged(incident, move.into, by);
    case 'absorb':
      return absorbed(incident, move.part);
    case 'split':
      return split(incident);
    case 'release':
      return released(incident, move.part);
  }
}

/** Whoever is on the way knows it by its own name: it is recalled first. */
function merged(incident: Incident, into: string, by: Mover): Incident {
  if (!isIdle(incident)) throw new IncidentMoveError('merge', incident.state, 'with units on it');
  if (into === incident.id) throw new IncidentMoveError('merge', incident.state, 'and cannot be part of itself');
  return { ...incident, mergedInto: into, closedBy: signatureOf(by), closeReason: '并入其他事件' };
}

function absorbed(incident: Incident, { id, alerts, severity, title }: Incident): Incident {
  if (incident.mergedFrom.length >= incidentLimits.merged)
    throw new IncidentFullError('merged incidents', incidentLimits.merged);
  const urgent = mostUrgent(severity, incident.severity);
  const all = [...new Set([...incident.alerts, ...alerts])];
  if (all.length > incidentLimits.alerts) throw new IncidentFullError('alerts', incidentLimits.alerts);
  const reasons = [...incident.reasons, { text: `并入“${title}”`, source: id }];
  return { ...incident, mergedFrom: [...incident.mergedFrom, id], alerts: all, severity: urgent, reasons };
}

function split({ mergedInto, closedBy: _by, closeReason: _reason, ...incident }: Incident): Incident {
  if (mergedInto === undefined) throw new IncidentMoveError('split', incident.state, 'and no part of another');
  const { closed: _, ...times } = incident.times;
  return { ...incident, times };
}

function released(incident: Incident, { id, alerts }: Incident): Incident {
  return {
    ...incident,
    mergedFrom: incident.mergedFrom.filter((part) => part !== id),
    alerts: incident.alerts.filter((alert) => !alerts.includes(alert)),
    reasons: incident.reasons.filter(({ source }) => source !== id),
  };
}
