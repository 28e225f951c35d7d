import { type Actor, type Role, systemActor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import { printable } from '../shared/printable.ts';
import { type Account, findAccount } from '../store/accounts-repository.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import { addressKey } from './address-key.ts';
import type { Denials } from './denials.ts';
import { type LoginThrottle, TooManyTriesError } from './login-throttle.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { SecondFactorNeededError, WrongCodeError } from './second-factor/second-factor-errors.ts';
import type { SecondFactors } from './second-factor/second-factors.ts';
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
  /** Of the second factor. */
  readonly code?: string | undefined;
  readonly address: string;
}

export interface OpenedSession {
  readonly token: string;
  readonly actor: Actor & { readonly role: Role; readonly enrolling?: boolean; readonly hasFactor?: boolean };
  readonly expiresAt: Date;
}

export interface LoginsOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly passwords: PasswordKeeper;
  readonly sessions: Sessions;
  readonly denials: Denials;
  readonly throttle: LoginThrottle;
  readonly secondFactors: SecondFactors;
  readonly factorRoles: readonly Role[];
  readonly now: () => Date;
}

/** Logs in, slowly for guessers: throttled before the password is looked at, the same work whoever is named. */
export class Logins {
  readonly #options: LoginsOptions;

  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /** Fails with `TooManyTriesError`, `BusyError`, `BadCredentialsError`, `SecondFactorNeededError` or `WrongCodeError`. */
  async open({ name, password, code, address }: Login): Promise<OpenedSession> {
    const tries = await this.#admit(name, address);
    const account = await this.#options.accounts.findByName(name);
    const matches = await this.#options.passwords.verify(password, account?.passwordHash);
    if (account === undefined || !matches || account.disabled) {
      await this.#recordFailure({ name, address, reason: whyRefused(account, matches) });
      throw new BadCredentialsError();
    }
    const hasFactor = await this.#options.secondFactors.isSet(account.id);
    const shown = hasFactor ? await this.#shownCode(code, tries) : undefined;
    return await this.#openSession(account, { tries, address, code: shown });
  }

  /** A right password without the code is no guess. */
  async #shownCode(code: string | undefined, tries: readonly number[]): Promise<string> {
    if (code !== undefined) return code;
    const { store, throttle } = this.#options;
    await store.transaction((tx) => throttle.release(tx, tries));
    throw new SecondFactorNeededError();
  }

  async #admit(name: string, address: string): Promise<readonly number[]> {
    const keys = [`account:${name.normalize('NFKC').toLowerCase()}`, `address:${addressKey(address)}`];
    try {
      return await this.#options.throttle.admit(keys, this.#options.now());
    } catch (error) {
      const denial = { actor: undefined, action: 'login', object: name, reason: 'too many tries', address };
      if (error instanceof TooManyTriesError) this.#options.denials.add(denial);
      throw error;
    }
  }

  async #recordFailure({ name, address, reason }: { name: string; address: string; reason: string }): Promise<void> {
    const object = printable(name);
    const actor = { ...systemActor, address };
    const entry = { actor, action: 'login', object, result: 'failed', details: { reason } } as const;
    await this.#options.store.transaction((tx) => appendLedger(tx, entry));
  }

  async #openSession(account: Account, { tries, address, code }: Opening): Promise<OpenedSession> {
    const { store, sessions, throttle, factorRoles } = this.#options;
    const actor = { ...actorOfAccount(account), address };
    const opened = await store.transaction(async (tx) => {
      // It may have been disabled while the password was checked.
      if ((await findAccount(tx, account.id))?.disabled !== false) throw new BadCredentialsError();
      const factor = code === undefined ? undefined : await this.#options.secondFactors.take(tx, account.id, code);
      if (code !== undefined && factor === undefined) return undefined;
      await throttle.release(tx, tries);
      await appendLedger(tx, { actor, action: 'login', result: 'ok', ...(factor && { details: { with: factor } }) });
      return await sessions.open(tx, account);
    });
    if (opened) return { ...opened, actor: { ...actor, ...standingOf(account, code !== undefined, factorRoles) } };
    await this.#recordFailure({ name: account.name, address, reason: 'wrong code' });
    throw new WrongCodeError(401);
  }
}

interface Opening {
  readonly tries: readonly number[];
  readonly address: string;
  /** When one is asked of the account. */
  readonly code: string | undefined;
}

function standingOf({ role }: Account, hasFactor: boolean, factorRoles: readonly Role[]) {
  return hasFactor ? { hasFactor } : { enrolling: factorRoles.includes(role) };
}

function whyRefused(account: Account | undefined, matches: boolean): string {
  if (account === undefined) return 'unknown name';
  return matches ? 'disabled' : 'wrong password';
}
