import { AppError } from '../../shared/app-error.ts';

/** There is no such silence, or it is of an area the actor does not have: the two look the same. */
export class SilenceNotFoundError extends AppError {
  readonly code = 'SILENCE_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no silence ${id}`);
  }
}

/** It would silence everything, a call for help, or what others have to hear. */
export class SilenceRefusedError extends AppError {
  readonly code = 'SILENCE_REFUSED';
  override readonly statusCode = 422;

  constructor(because: string) {
    super(`no such silence: ${because}`);
  }
}
