import { type Actor, type Role, systemActor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import { printable } from '../shared/printable.ts';
import { type Account, findAccount } from '../store/accounts-repository.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import { addressKey } from './address-key.ts';
import type { Denials } from './denials.ts';
import { LoginThrottle, TooManyTriesError } from './login-throttle.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { actorOfAccount } from './session-actor.ts';
import type { Sessions } from './sessions.ts';

/** One sentence for an unknown name, a wrong password and a disabled account: which of them is nobody's business. */
export class BadCredentialsError extends AppError {
  readonly code = 'BAD_CREDENTIALS';
  override readonly statusCode = 401;

  constructor() {
    super('the name or the password is not right');
  }
}

export interface Login {
  readonly name: string;
  readonly password: string;
  readonly address: string;
}

export interface OpenedSession {
  readonly token: string;
  readonly actor: Actor & { readonly role: Role };
  readonly expiresAt: Date;
}

export interface LoginsOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly passwords: PasswordKeeper;
  readonly sessions: Sessions;
  readonly denials: Denials;
  readonly now: () => Date;
}

/** Logs in, slowly for guessers: throttled before the password is looked at, the same work whoever is named. */
export class Logins {
  readonly #options: LoginsOptions;
  readonly #throttle: LoginThrottle;

  constructor(options: LoginsOptions) {
    this.#options = options;
    this.#throttle = new LoginThrottle(options.store);
  }

  /** Fails with `TooManyTriesError`, `BusyError` or `BadCredentialsError`. */
  async open({ name, password, address }: Login): Promise<OpenedSession> {
    const tries = await this.#admit(name, address);
    const account = await this.#options.accounts.findByName(name);
    const matches = await this.#options.passwords.verify(password, account?.passwordHash);
    if (account === undefined || !matches || account.disabled) {
      await this.#recordFailure({ name, address, reason: whyRefused(account, matches) });
      throw new BadCredentialsError();
    }
    return await this.#openSession(account, { tries, address });
  }

  async #admit(name: string, address: string): Promise<readonly number[]> {
    const keys = [`account:${name.normalize('NFKC').toLowerCase()}`, `address:${addressKey(address)}`];
    try {
      return await this.#throttle.admit(keys, this.#options.now());
    } catch (error) {
      const denial = { actor: undefined, action: 'login', object: name, reason: 'too many tries', address };
      if (error instanceof TooManyTriesError) this.#options.denials.add(denial);
      throw error;
    }
  }

  async #recordFailure({ name, address, reason }: { name: string; address: string; reason: string }): Promise<void> {
    const object = printable(name);
    const entry = {
      actor: systemActor,
      action: 'login',
      object,
      result: 'failed',
      details: { address, reason },
    } as const;
    await this.#options.store.transaction((tx) => appendLedger(tx, entry));
  }

  async #openSession(account: Account, { tries, address }: { tries: readonly number[]; address: string }) {
    const { store, sessions } = this.#options;
    const actor = actorOfAccount(account);
    const opened = await store.transaction(async (tx) => {
      // It may have been disabled while the password was checked.
      if ((await findAccount(tx, account.id))?.disabled !== false) throw new BadCredentialsError();
      await this.#throttle.release(tx, tries);
      await appendLedger(tx, { actor, action: 'login', result: 'ok', details: { address } });
      return await sessions.open(tx, account);
    });
    return { ...opened, actor };
  }
}

function whyRefused(account: Account | undefined, matches: boolean): string {
  if (account === undefined) return 'unknown name';
  return matches ? 'disabled' : 'wrong password';
}
