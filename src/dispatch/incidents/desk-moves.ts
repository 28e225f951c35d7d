import { type Incident, incidentLimits, mostUrgent } from './incident.ts';
import { IncidentFullError, IncidentMoveError, ReasonNeededError } from './incident-errors.ts';
import type { Deadline, DeskMove, Mover } from './incident-move.ts';
import { signatureOf, workEnded } from './unit-moves.ts';
import { withRemark } from './with-remark.ts';

type Of<Type extends DeskMove['type']> = Extract<DeskMove, { type: Type }>;

/** The incident after something that people decide of it. */
export function deskMoved(incident: Incident, move: DeskMove, by: Mover): Incident {
  switch (move.type) {
    case 'assign':
      return assigned(incident, move);
    case 'review':
      return { ...incident, review: [...move.departments], reasons: [...incident.reasons, move.because] };
    case 'joint':
      return joined(incident, move);
    case 'feedback':
      return reported(incident, move, by);
    case 'verify':
      return verified(incident, move, by);
    case 'close':
      return closed(incident, move, by);
    case 'reopen':
      return reopened(incident, move);
    case 'escalate':
      return { ...incident, escalations: incident.escalations + 1 };
    case 'explain':
      return withRemark(incident, 'explanations', { text: move.reason, by });
    case 'photo':
      return pictured(incident, move);
    case 'plan':
      return planned(incident, move);
  }
}

/** To hand over what is somebody's work already needs a reason. */
function assigned(incident: Incident, move: Of<'assign'>): Incident {
  const { department, deadline, reason, because } = move;
  const severity = mostUrgent(move.severity ?? incident.severity, incident.severity);
  if (incident.department === department) return incident;
  if (incident.department !== undefined && reason === undefined) throw new ReasonNeededError('assign');
  const { review: _, ...rest } = deadline ? timed(incident, deadline) : incident;
  const joint = incident.joint?.filter((name) => name !== department);
  const reasons = because ? [...incident.reasons, because] : incident.reasons;
  return { ...rest, department, reasons, severity, ...(joint && { joint }) };
}

/** A new deadline is pressed for from the beginning. */
function timed({ pressed: _, ...rest }: Incident, { dueAt, remindAt }: Deadline): Incident {
  return { ...rest, dueAt, remindAt };
}

function joined(incident: Incident, { departments }: Of<'joint'>): Incident {
  const others = departments.filter((name) => name !== incident.department);
  const joint = [...new Set([...(incident.joint ?? []), ...others])];
  if (joint.length > incidentLimits.joint) throw new IncidentFullError('joint departments', incidentLimits.joint);
  return joint.length === (incident.joint?.length ?? 0) ? incident : { ...incident, joint };
}

/** A patrol reports of its own work only. */
function reported(incident: Incident, { text }: Of<'feedback'>, by: Mover): Incident {
  const { unit } = by;
  if (unit !== undefined && !incident.assignments.some((one) => one.unit === unit && one.state === 'arrived'))
    throw new IncidentMoveError('feedback', incident.state, `${unit} has not arrived`);
  return workEnded(withRemark(incident, 'feedback', { text, by, unit }), by);
}

function verified(incident: Incident, { text }: Of<'verify'>, by: Mover): Incident {
  const said = text === undefined ? incident : withRemark(incident, 'feedback', { text, by });
  return { ...said, verifiedBy: signatureOf(by) };
}

/** What nobody has handled can be closed too (a prank, a mistake), but not without saying why. */
function closed(incident: Incident, { reason }: Of<'close'>, by: Mover): Incident {
  if (incident.state !== 'verified' && reason === undefined) throw new ReasonNeededError('close');
  return { ...incident, closedBy: signatureOf(by), ...(reason !== undefined && { closeReason: reason }) };
}

function reopened(incident: Incident, { deadline }: Of<'reopen'>): Incident {
  if (incident.mergedInto !== undefined)
    throw new IncidentMoveError('reopen', incident.state, `part of ${incident.mergedInto}`);
  const { handledBy: _h, verifiedBy: _v, closedBy: _c, closeReason: _r, ...rest } = incident;
  const { handled: _ht, verified: _vt, closed: _ct, ...times } = rest.times;
  const open = { ...rest, times, reopened: incident.reopened + 1 };
  return deadline ? timed(open, deadline) : open;
}

/** The deadline that somebody has set already stays. */
function planned(incident: Incident, { plan, because, deadline }: Of<'plan'>): Incident {
  const open = deadline && incident.dueAt === undefined ? timed(incident, deadline) : incident;
  return { ...open, plan, reasons: [...incident.reasons, because] };
}

function pictured(incident: Incident, { photo }: Of<'photo'>): Incident {
  if (incident.photos.length >= incidentLimits.photos) throw new IncidentFullError('photos', incidentLimits.photos);
  return { ...incident, photos: [...incident.photos, photo] };
}
