import { AppError } from '../shared/app-error.ts';

/** No such unit, or not one this account may see: the two are told apart to nobody. */
export class UnitNotFoundError extends AppError {
  readonly code = 'UNIT_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no unit ${id}`);
  }
}

/** A track was asked for a time that does not exist or is too long. */
export class TrackTimeError extends AppError {
  readonly code = 'TRACK_TIME_INVALID';
  override readonly statusCode = 400;

  constructor(mostDays: number) {
    super(`a track is asked from an earlier to a later time, at most ${mostDays} days apart`);
  }
}
