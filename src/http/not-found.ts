import { AppError } from '../shared/app-error.ts';

export class NotFoundError extends AppError {
  readonly code = 'NOT_FOUND';
  override readonly statusCode = 404;

  constructor() {
    super('there is nothing at this address');
  }
}
