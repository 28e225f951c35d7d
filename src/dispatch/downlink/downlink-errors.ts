import { AppError } from '../../shared/app-error.ts';

/** Half a place would send somebody to nowhere. */
export class HalfPlaceError extends AppError {
  readonly code = 'MESSAGE_PLACE_HALF';
  override readonly statusCode = 400;

  constructor() {
    super('a place on the map is a lat and a lon');
  }
}

/** The terminal has more unread messages than anybody will read: write when some are gone. */
export class TooManyMessagesError extends AppError {
  readonly code = 'MESSAGES_TOO_MANY';
  override readonly statusCode = 429;
  override readonly retryAfterSeconds = 60;

  constructor(unit: string, most: number) {
    super(`${most} messages to ${unit} are unread already`);
  }
}

/** The key was used for another message: sending that one again would be a mistake, sending this one too. */
export class KeyReusedError extends AppError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  override readonly statusCode = 422;

  constructor() {
    super('this Idempotency-Key was given to another message; a new message has a new key');
  }
}

/** Another process changed the message in between. */
export class MessageContendedError extends AppError {
  readonly code = 'MESSAGE_CONTENDED';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 1;

  constructor(id: string) {
    super(`message ${id} was changed in between`);
  }
}
