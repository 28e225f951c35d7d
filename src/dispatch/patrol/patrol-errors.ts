import { AppError } from '../../shared/app-error.ts';

/** The account speaks for no unit that there is. */
export class NoUnitError extends AppError {
  readonly code = 'NO_UNIT';
  override readonly statusCode = 409;

  constructor() {
    super('this account speaks for no unit: an admin gives it one');
  }
}

/** Where a unit is off duty is nobody's business. */
export class OffShiftError extends AppError {
  readonly code = 'OFF_SHIFT';
  override readonly statusCode = 409;

  constructor(unit: string) {
    super(`${unit} is not on shift: its position is not taken`);
  }
}
