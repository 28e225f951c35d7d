import type { Actor } from '../../shared/actor.ts';
import { findAccount } from '../../store/accounts-repository.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import {
  confirmSecondFactor,
  deleteSecondFactor,
  findSecondFactor,
  putRecoveryCodes,
  putSecondFactor,
  takeRecoveryCode,
  takeStep,
} from '../../store/second-factors-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import { UnknownAccountError } from '../accounts.ts';
import type { LoginThrottle } from '../login-throttle.ts';
import type { Sessions } from '../sessions.ts';
import { newRecoveryCodes, newSecret, otpauthUri, recoveryHash, stepOfCode } from './one-time-code.ts';
import { sealText, unsealText } from './sealed-text.ts';
import {
  NoSecondFactorError,
  OwnSecondFactorError,
  SecondFactorSetError,
  WrongCodeError,
} from './second-factor-errors.ts';

export interface SecondFactorsOptions {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly throttle: LoginThrottle;
  /** Seals secrets. */
  readonly key: Buffer;
  readonly now: () => Date;
}

/** What of a code was shown: of the phone, or one of those on paper. */
type Shown = 'code' | 'recovery code';

/** Codes of a phone beside the password (RFC 6238). Each is good once, and every change is a row in the ledger. */
export class SecondFactors {
  readonly #options: SecondFactorsOptions;

  constructor(options: SecondFactorsOptions) {
    this.#options = options;
  }

  /** Whether the account has one that was confirmed. */
  async isSet(account: string): Promise<boolean> {
    return (await findSecondFactor(this.#options.store.db, account))?.confirmed === true;
  }

  /** Begins anew as often as wanted until it is confirmed. Fails with `SecondFactorSetError`. */
  async begin({ id, name }: Actor): Promise<{ readonly uri: string; readonly secret: string }> {
    const { store, key } = this.#options;
    const secret = newSecret();
    const sealed = sealText(secret, key, id);
    const isNew = await store.transaction((tx) => putSecondFactor(tx, id, sealed));
    if (!isNew) throw new SecondFactorSetError();
    return { uri: otpauthUri(secret, name), secret };
  }

  /** Answers the recovery codes, once. Fails with `WrongCodeError`, `TooManyTriesError` and as `begin` does. */
  async confirm(actor: Actor, code: string): Promise<string[]> {
    const { store, throttle, now } = this.#options;
    const tries = await throttle.admit([`factor:${actor.id}`], now());
    const codes = newRecoveryCodes();
    await store.transaction(async (tx) => {
      const factor = await findSecondFactor(tx, actor.id);
      if (!factor) throw new NoSecondFactorError();
      if (factor.confirmed) throw new SecondFactorSetError();
      if (!(await this.#takeCode(tx, actor.id, code))) throw new WrongCodeError(400);
      await throttle.release(tx, tries);
      await confirmSecondFactor(tx, actor.id, now());
      await putRecoveryCodes(tx, actor.id, codes.map(recoveryHash));
      await appendLedger(tx, { actor, action: 'totp.enrol', object: actor.name, result: 'ok' });
    });
    return codes;
  }

  /** Uses up a code; undefined when it is not good. */
  async take(tx: Tx, account: string, code: string): Promise<Shown | undefined> {
    const plain = code.replaceAll(' ', '');
    if (/^\d{6}$/.test(plain)) return (await this.#takeCode(tx, account, plain)) ? 'code' : undefined;
    return (await takeRecoveryCode(tx, account, recoveryHash(plain))) ? 'recovery code' : undefined;
  }

  /** Ends the account's sessions. Fails with `UnknownAccountError`, `OwnSecondFactorError` or `NoSecondFactorError`. */
  async reset(account: string, actor: Actor): Promise<void> {
    const { store, sessions } = this.#options;
    if (account === actor.id) throw new OwnSecondFactorError();
    const ended = await store.transaction(async (tx) => {
      const owner = await findAccount(tx, account);
      if (!owner) throw new UnknownAccountError();
      if (!(await deleteSecondFactor(tx, account))) throw new NoSecondFactorError();
      await appendLedger(tx, { actor, action: 'totp.reset', object: owner.name, result: 'ok' });
      return await sessions.endAllOf(tx, account, 'changed');
    });
    sessions.announce(ended);
  }

  async #takeCode(tx: Tx, account: string, code: string): Promise<boolean> {
    const { key, now } = this.#options;
    const factor = await findSecondFactor(tx, account);
    const secret = factor && unsealText(factor.secret, key, account);
    const step = secret === undefined ? undefined : stepOfCode(secret, code, now());
    return step !== undefined && (await takeStep(tx, account, step));
  }
}
