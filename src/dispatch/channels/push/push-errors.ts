import { AppError } from '../../../shared/app-error.ts';

/** Nobody is told by Web Push here. */
export class PushOffError extends AppError {
  readonly code = 'PUSH_OFF';
  override readonly statusCode = 404;

  constructor() {
    super('Web Push is not configured: tianliang.yaml has no channel of the kind push');
  }
}

export class PushKeysError extends AppError {
  readonly code = 'PUSH_KEYS_REFUSED';
  override readonly statusCode = 400;

  constructor() {
    super('nothing can be sealed with the keys of this subscription');
  }
}

export class PushServiceError extends AppError {
  readonly code = 'PUSH_SERVICE_UNKNOWN';
  override readonly statusCode = 400;

  constructor() {
    super('the push service of this browser is not one that the channel lists');
  }
}
