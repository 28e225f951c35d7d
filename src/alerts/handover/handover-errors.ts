import { AppError } from '../../shared/app-error.ts';

/** There is no such handover, or it is of areas the actor does not have: the two look the same. */
export class HandoverNotFoundError extends AppError {
  readonly code = 'HANDOVER_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no handover ${id}`);
  }
}

/** It is signed already, by the giver, or meant for somebody else. */
export class HandoverRefusedError extends AppError {
  readonly code = 'HANDOVER_REFUSED';
  override readonly statusCode = 409;

  constructor(because: string) {
    super(`not signed: ${because}`);
  }
}
