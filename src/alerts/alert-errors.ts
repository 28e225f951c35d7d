import { AppError } from '../shared/app-error.ts';
import type { AlertStateName, Signature } from './alert.ts';

/** There is no such alert, or it belongs to an area the actor does not have: the two look the same. */
export class AlertNotFoundError extends AppError {
  readonly code = 'ALERT_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no alert ${id}`);
  }
}

/** The alert carries no picture. */
export class SnapshotNotFoundError extends AppError {
  readonly code = 'SNAPSHOT_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`alert ${id} has no snapshot`);
  }
}

/** What the alert was raised from is not kept: it goes on, or it comes from no camera or sensor. */
export class TraceNotFoundError extends AppError {
  readonly code = 'TRACE_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`nothing is kept of what alert ${id} was raised from`);
  }
}

/** The move is not one the alert's state allows: somebody else holds it, or it is closed. */
export class AlertMoveError extends AppError {
  readonly code = 'ALERT_MOVE_REFUSED';
  override readonly statusCode = 409;
  readonly state: AlertStateName;
  readonly move: string;
  readonly by: Signature | undefined;

  constructor(move: string, state: AlertStateName, by?: Signature) {
    super(`cannot ${move}: the alert is ${state}${by ? ` by ${by.name} since ${by.at}` : ''}`);
    this.state = state;
    this.move = move;
    this.by = by;
  }
}

/** The alert changed after the version the actor decided on. */
export class AlertStaleError extends AppError {
  readonly code = 'ALERT_STALE';
  override readonly statusCode = 409;
  readonly version: number;

  constructor(id: string, expected: number, version: number) {
    super(`alert ${id} is at version ${version}, not ${expected}: look again`);
    this.version = version;
  }
}

/** Others kept changing the alert: the change was tried several times and not made. */
export class AlertContendedError extends AppError {
  readonly code = 'ALERT_CONTENDED';
  override readonly statusCode = 503;

  constructor(subject: string) {
    super(`alert ${subject} kept changing while it was being changed`);
  }
}

/** The alert is part of another one, where it is decided on; or it is not, and cannot be taken out. */
export class AlertMergedError extends AppError {
  readonly code = 'ALERT_MERGED';
  override readonly statusCode = 409;

  constructor(id: string, into: string | undefined) {
    super(into === undefined ? `alert ${id} is not part of this one` : `alert ${id} is part of ${into}: decide there`);
  }
}

/** No account of that name can take the alert: there is none, it is no seat, or the alert is of another area. */
export class SeatNotFoundError extends AppError {
  readonly code = 'SEAT_NOT_FOUND';
  override readonly statusCode = 422;

  constructor(name: string) {
    super(`no seat ${name} can take this`);
  }
}

/** The alert has led to an incident already: what is to be done is decided there. */
export class AlertHasIncidentError extends AppError {
  readonly code = 'ALERT_HAS_INCIDENT';
  override readonly statusCode = 409;

  constructor(id: string, incident: string) {
    super(`alert ${id} has led to incident ${incident} already`);
  }
}
