import { systemActor } from '../shared/actor.ts';
import type { Alert, Signature } from './alert.ts';
import { AlertMoveError } from './alert-errors.ts';

/** What people have decided of an alert; whether its cause still lasts is `endedAt`, another matter. */
export type AlertState =
  | { readonly state: 'raised' }
  | { readonly state: 'acknowledged'; readonly acknowledgedBy: Signature; readonly snoozedUntil?: string }
  | { readonly state: 'confirmed'; readonly acknowledgedBy?: Signature; readonly closedBy: Signature }
  | {
      readonly state: 'dismissed';
      readonly acknowledgedBy?: Signature;
      readonly closedBy: Signature;
      readonly dismissReason: string;
    };

export type AlertMove =
  | { readonly type: 'acknowledge'; readonly by: Signature }
  | { readonly type: 'release'; readonly by: Signature }
  /** `to` takes it; who has it hands it on. */
  | { readonly type: 'assign'; readonly by: Signature; readonly to: Signature }
  | { readonly type: 'snooze'; readonly by: Signature; readonly until: string }
  | { readonly type: 'confirm'; readonly by: Signature }
  | { readonly type: 'dismiss'; readonly by: Signature; readonly reason: string };

/**
 * Where the move leads. The very same object comes back when the move has been made already by the same actor (a
 * repeated request), so that nothing is written twice. Fails with `ALERT_MOVE_REFUSED`.
 */
export function nextState(state: AlertState, move: AlertMove): AlertState {
  switch (move.type) {
    case 'acknowledge':
      return acknowledge(state, move.by);
    case 'release':
      return release(state, move.by);
    case 'assign':
      return assign(state, move);
    case 'snooze':
      return snooze(state, move);
    case 'confirm':
      return close(state, move, { state: 'confirmed', closedBy: move.by });
    case 'dismiss':
      return close(state, move, { state: 'dismissed', closedBy: move.by, dismissReason: move.reason });
  }
}

function acknowledge(state: AlertState, by: Signature): AlertState {
  if (state.state === 'raised') return { state: 'acknowledged', acknowledgedBy: by };
  if (state.state !== 'acknowledged' || state.acknowledgedBy.id !== by.id) throw refused('acknowledge', state);
  const { snoozedUntil, ...awake } = state;
  return snoozedUntil === undefined ? state : awake;
}

type Move<Type extends AlertMove['type']> = Extract<AlertMove, { type: Type }>;

/** Nobody gives away what somebody else has. */
function assign(state: AlertState, { by, to }: Move<'assign'>): AlertState {
  if (state.state === 'raised') return { state: 'acknowledged', acknowledgedBy: to };
  if (state.state === 'acknowledged' && state.acknowledgedBy.id === to.id) return state;
  if (state.state !== 'acknowledged' || state.acknowledgedBy.id !== by.id) throw refused('assign', state);
  return { state: 'acknowledged', acknowledgedBy: to };
}

/** Only who has it may put it off: somebody has to answer for it. */
function snooze(state: AlertState, { by, until }: Move<'snooze'>): AlertState {
  if (state.state !== 'acknowledged' || state.acknowledgedBy.id !== by.id) throw refused('snooze', state);
  return { ...state, snoozedUntil: until };
}

/** An incident is opened from the alert: whoever does that takes what nobody has taken. Fails once it is dismissed. */
export function takenState(state: AlertState, by: Signature): AlertState {
  if (state.state === 'dismissed') throw refused('dispatch', state);
  // Work on it has begun: it is not put off any more.
  if (state.state === 'acknowledged') return { state: 'acknowledged', acknowledgedBy: state.acknowledgedBy };
  // What opens an incident by itself takes nothing: somebody still has to.
  return state.state === 'raised' && by.id !== systemActor.id ? nextState(state, { type: 'acknowledge', by }) : state;
}

/** How long who closed an alert may take that back. */
const undoMs = 60_000;

/** A raised alert is nobody's already: releasing it again changes nothing. What one closed a moment ago opens again. */
function release(state: AlertState, by: Signature): AlertState {
  if (state.state === 'raised') return state;
  if (state.state === 'acknowledged') return { state: 'raised' };
  const isUndo = state.closedBy.id === by.id && Date.parse(by.at) - Date.parse(state.closedBy.at) <= undoMs;
  if (!isUndo) throw refused('release', state);
  return state.acknowledgedBy ? { state: 'acknowledged', acknowledgedBy: state.acknowledgedBy } : { state: 'raised' };
}

type Closed = Extract<AlertState, { closedBy: Signature }>;

function close(state: AlertState, move: AlertMove, closed: Closed): AlertState {
  if (state.state === 'raised') return closed;
  if (state.state === 'acknowledged') return { ...closed, acknowledgedBy: state.acknowledgedBy };
  if (state.state === closed.state && state.closedBy.id === closed.closedBy.id) return state;
  throw refused(move.type, state);
}

function refused(move: string, state: AlertState): AlertMoveError {
  if (state.state === 'raised') return new AlertMoveError(move, state.state);
  return new AlertMoveError(move, state.state, state.state === 'acknowledged' ? state.acknowledgedBy : state.closedBy);
}

/** The part of an alert that people decide. */
export function stateOf(alert: Alert): AlertState {
  const { state, acknowledgedBy, closedBy, dismissReason, snoozedUntil } = alert;
  if (state === 'acknowledged' && acknowledgedBy)
    return { state, acknowledgedBy, ...(snoozedUntil !== undefined && { snoozedUntil }) };
  const earlier = acknowledgedBy && { acknowledgedBy };
  if (state === 'confirmed' && closedBy) return { state, closedBy, ...earlier };
  if (state === 'dismissed' && closedBy) return { state, closedBy, dismissReason: dismissReason ?? '', ...earlier };
  return { state: 'raised' };
}

export interface Moving {
  readonly seq: number;
  readonly now: Date;
  readonly acknowledgeMs: number;
  readonly handleMs: number;
}

/** The alert with that part replaced, its next version, and the deadline its new state has. */
export function movedAlert(alert: Alert, state: AlertState, { seq, now, acknowledgeMs, handleMs }: Moving): Alert {
  const { acknowledgedBy: _by, closedBy: _closed, dismissReason: _reason, dueAt: _due, ...others } = alert;
  const { snoozedUntil: _until, escalation: _asked, silenced: _quiet, ...rest } = others;
  const moved = { ...withoutOwnEnd(rest, alert), ...state, seq, version: alert.version + 1 };
  if (state.state === 'raised') return { ...moved, dueAt: later(now, acknowledgeMs) };
  if (state.state === 'acknowledged') return { ...moved, dueAt: state.snoozedUntil ?? later(now, handleMs) };
  // Nothing measures the end of an SOS: it lasts until somebody closed it.
  return alert.kind === 'sos' && !alert.endedAt ? { ...moved, endedAt: state.closedBy.at } : moved;
}

/** An SOS that ended because somebody closed it goes on when they take that back. */
function withoutOwnEnd<T extends Partial<Alert>>(rest: T, { kind, closedBy }: Alert): T {
  if (kind !== 'sos' || !closedBy || rest.endedAt !== closedBy.at) return rest;
  const { endedAt: _end, ...open } = rest;
  return open as T;
}

const later = (now: Date, ms: number) => new Date(now.getTime() + ms).toISOString();
