import { AppError } from '../../shared/app-error.ts';

/** The password is right; the code of the phone is asked for as well. */
export class SecondFactorNeededError extends AppError {
  readonly code = 'SECOND_FACTOR_NEEDED';
  override readonly statusCode = 401;

  constructor() {
    super('send the code of the second factor too');
  }
}

/** Wrong, too old, or used already. */
export class WrongCodeError extends AppError {
  readonly code = 'SECOND_FACTOR_WRONG';
  override readonly statusCode: number;

  constructor(statusCode: 400 | 401) {
    super('the code is not right, or was used already; wait for the next one');
    this.statusCode = statusCode;
  }
}

/** A thief of a session must not put the own phone in its place. */
export class SecondFactorSetError extends AppError {
  readonly code = 'SECOND_FACTOR_SET';
  override readonly statusCode = 409;

  constructor() {
    super('the account has a second factor; another admin can reset it');
  }
}

export class NoSecondFactorError extends AppError {
  readonly code = 'NO_SECOND_FACTOR';
  override readonly statusCode = 409;

  constructor() {
    super('the account has no second factor to confirm or reset');
  }
}

/** Nobody takes the own second factor off: it takes another admin. */
export class OwnSecondFactorError extends AppError {
  readonly code = 'OWN_SECOND_FACTOR';
  override readonly statusCode = 409;

  constructor() {
    super('your own second factor can be reset by another admin only');
  }
}
