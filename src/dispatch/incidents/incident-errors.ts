import { AppError } from '../../shared/app-error.ts';
import type { AssignmentStateName } from './assignment.ts';
import type { IncidentStateName } from './incident.ts';

/** There is no such incident, or it belongs to an area the actor does not have: the two look the same. */
export class IncidentNotFoundError extends AppError {
  readonly code = 'INCIDENT_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no incident ${id}`);
  }
}

/** The move is not one that the incident's state allows. */
export class IncidentMoveError extends AppError {
  readonly code = 'INCIDENT_MOVE_REFUSED';
  override readonly statusCode = 409;
  readonly state: IncidentStateName;

  constructor(move: string, state: IncidentStateName, because?: string) {
    super(`cannot ${move}: the incident is ${state}${because === undefined ? '' : `, ${because}`}`);
    this.state = state;
  }
}

/** The incident changed after the version the actor decided on. */
export class IncidentStaleError extends AppError {
  readonly code = 'INCIDENT_STALE';
  override readonly statusCode = 409;

  constructor(id: string, expected: number, version: number) {
    super(`incident ${id} is at version ${version}, not ${expected}: look again`);
  }
}

/** Another process changed the incident in between. */
export class IncidentContendedError extends AppError {
  readonly code = 'INCIDENT_CONTENDED';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 1;

  constructor(id: string) {
    super(`incident ${id} was changed in between`);
  }
}

/** It has as many of these as one incident may hold. */
export class IncidentFullError extends AppError {
  readonly code = 'INCIDENT_FULL';
  override readonly statusCode = 409;

  constructor(what: string, most: number) {
    super(`an incident holds at most ${most} ${what}`);
  }
}

/** What undoes somebody else's decision has to say why. */
export class ReasonNeededError extends AppError {
  readonly code = 'REASON_NEEDED';
  override readonly statusCode = 422;

  constructor(move: string) {
    super(`say why: to ${move} here needs a reason`);
  }
}

/** There is no such assignment, or it is another unit's: the two look the same. */
export class AssignmentNotFoundError extends AppError {
  readonly code = 'ASSIGNMENT_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no assignment ${id}`);
  }
}

/** The step is not one that the assignment's state allows. */
export class AssignmentMoveError extends AppError {
  readonly code = 'ASSIGNMENT_MOVE_REFUSED';
  override readonly statusCode = 409;

  constructor(step: string, state: AssignmentStateName) {
    super(`cannot ${step}: the assignment is ${state}`);
  }
}

/** A unit is on one assignment at a time. */
export class UnitBusyError extends AppError {
  readonly code = 'UNIT_BUSY';
  override readonly statusCode = 409;

  constructor(unit: string) {
    super(`${unit} is on an assignment already: recall it first`);
  }
}

/** The key was used for another command: doing that one again would be a mistake, doing this one too. */
export class CommandKeyReusedError extends AppError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  override readonly statusCode = 422;

  constructor() {
    super('this Idempotency-Key was given to another command; a new command has a new key');
  }
}

/** There is no such picture of the incident. */
export class PhotoNotFoundError extends AppError {
  readonly code = 'PHOTO_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no photo ${id}`);
  }
}

/** It is no picture that can be read, or one far too large. */
export class PhotoInvalidError extends AppError {
  readonly code = 'PHOTO_INVALID';
  override readonly statusCode = 422;

  constructor(options?: ErrorOptions) {
    super('expected a JPEG, PNG or WebP picture of at most 50 megapixels', options);
  }
}
