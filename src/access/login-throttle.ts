import { AppError } from '../shared/app-error.ts';
import { addTries, pruneTries, removeTries, triesOf } from '../store/login-attempts-repository.ts';
import type { Store, Tx } from '../store/store.ts';

const windowMs = 60_000;
/** Tries within the window, for one account and for one address (T33). */
export const triesPerWindow = 10;

/** Too many logins were tried for this account or from this address. */
export class TooManyTriesError extends AppError {
  readonly code = 'TOO_MANY_TRIES';
  override readonly statusCode = 429;
  override readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(`too many logins were tried; try again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Milliseconds until another try fits into the sliding window, 0 when it fits now. */
export function waitMs(tries: readonly Date[], now: Date): number {
  const oldestThatCounts = tries.at(-triesPerWindow);
  return oldestThatCounts === undefined ? 0 : Math.max(0, oldestThatCounts.getTime() + windowMs - now.getTime());
}

/**
 * A sliding minute of tries for each key, kept in the store: a restart forgets nothing. A refused try does not count, so
 * the right password is never further away than a minute.
 */
export class LoginThrottle {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Counts the try before the password is looked at. Fails with `TooManyTriesError`. */
  async admit(keys: readonly string[], now: Date): Promise<readonly number[]> {
    const wait = await this.#store.transaction(async (tx) => {
      await pruneTries(tx, { from: new Date(now.getTime() - windowMs), now });
      let longest = 0;
      for (const key of keys) longest = Math.max(longest, waitMs(await triesOf(tx, key), now));
      return longest > 0 ? longest : await addTries(tx, keys, now);
    });
    if (typeof wait === 'number') throw new TooManyTriesError(Math.ceil(wait / 1_000));
    return wait;
  }

  /** A login that succeeded was no guess: a shift may come in through one address. */
  async release(tx: Tx, tries: readonly number[]): Promise<void> {
    await removeTries(tx, tries);
  }
}
