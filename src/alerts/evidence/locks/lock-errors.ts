import { AppError } from '../../../shared/app-error.ts';

/** There is no such lock, or its camera is of an area the actor does not have. */
export class LockNotFoundError extends AppError {
  readonly code = 'LOCK_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no lock ${id}`);
  }
}

export class LockSpanError extends AppError {
  readonly code = 'LOCK_SPAN';
  override readonly statusCode = 400;

  constructor() {
    super('a lock needs a from before its to, at most a week between them, and an end that is still to come');
  }
}

/** It was let go already. */
export class LockReleasedError extends AppError {
  readonly code = 'LOCK_RELEASED';
  override readonly statusCode = 409;

  constructor(id: string) {
    super(`lock ${id} was released already`);
  }
}

/** Whoever locked it cannot let it go alone. */
export class OwnLockError extends AppError {
  readonly code = 'LOCK_OWN_RELEASE';
  override readonly statusCode = 403;

  constructor() {
    super('whoever locked the footage does not release it: another account has to');
  }
}
