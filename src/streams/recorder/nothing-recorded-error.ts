import { AppError } from '../../shared/app-error.ts';

/** Nothing was recorded of a camera in the time that is asked for. */
export class NothingRecordedError extends AppError {
  readonly code = 'NOTHING_RECORDED';
  override readonly statusCode = 404;

  constructor() {
    super('Nothing is recorded of this camera in this time.');
  }
}
