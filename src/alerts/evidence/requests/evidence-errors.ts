import { AppError } from '../../../shared/app-error.ts';
import type { EvidenceStateName } from './evidence-request.ts';

/** There is no such request, or it belongs to an area the actor does not have: the two look the same. */
export class EvidenceNotFoundError extends AppError {
  readonly code = 'EVIDENCE_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(what: string) {
    super(`there is no evidence ${what}`);
  }
}

/** What is asked for is not one thing: an alert or an incident, from before to after, at most an hour, of a few cameras. */
export class EvidenceTermsError extends AppError {
  readonly code = 'EVIDENCE_TERMS';
  override readonly statusCode = 400;

  constructor(expected: string) {
    super(`evidence cannot be asked for like that: expected ${expected}`);
  }
}

/** There is no such camera, or it belongs to an area the actor does not have. */
export class EvidenceCameraError extends AppError {
  readonly code = 'EVIDENCE_CAMERA';
  override readonly statusCode = 404;

  constructor(camera: string) {
    super(`there is no camera ${camera}`);
  }
}

/** The request is not in a state that allows it: somebody else was first, or its time is over. */
export class EvidenceMoveError extends AppError {
  readonly code = 'EVIDENCE_MOVE_REFUSED';
  override readonly statusCode = 409;
  readonly state: EvidenceStateName;

  constructor(move: string, state: EvidenceStateName) {
    super(`cannot ${move}: the request for evidence is ${state}`);
    this.state = state;
  }
}

/** Four eyes: nobody decides on what they asked for themselves, whatever their role. */
export class OwnEvidenceError extends AppError {
  readonly code = 'EVIDENCE_OWN_REQUEST';
  override readonly statusCode = 403;

  constructor() {
    super('whoever asked for the evidence does not decide on it: somebody else has to');
  }
}

/** Only whoever asked may take it back, and of seats nobody else may fetch it. */
export class ForeignEvidenceError extends AppError {
  readonly code = 'EVIDENCE_OF_ANOTHER';
  override readonly statusCode = 403;

  constructor() {
    super('somebody else asked for this evidence');
  }
}

/** What the database holds is not what was approved. */
export class EvidenceChangedError extends AppError {
  readonly code = 'EVIDENCE_CHANGED';
  override readonly statusCode = 409;

  constructor(id: string) {
    super(`request ${id} is not what was approved: nothing is given out`);
  }
}
