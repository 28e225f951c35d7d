import { isDeepStrictEqual } from 'node:util';
import { systemActor } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import { type Account, findAccountByName, findAccountBySubject } from '../../store/accounts-repository.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Accounts } from '../accounts.ts';
import { BadCredentialsError, type OpenedSession } from '../logins.ts';
import { actorOfAccount } from '../session-actor.ts';
import type { Sessions } from '../sessions.ts';
import type { OidcPerson } from './oidc-claims.ts';
import type { OidcIssuer } from './oidc-issuer.ts';

/** The other house knows them, this one has no work for them. */
export class NoRoleError extends AppError {
  readonly code = 'OIDC_NO_ROLE';
  override readonly statusCode = 403;

  constructor() {
    super('none of your groups has a role here');
  }
}

export interface OidcLoginsOptions {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly issuer: OidcIssuer;
}

/** Logins by another house: an account is made at the first one, and is at each as the issuer says then. */
export class OidcLogins {
  readonly #options: OidcLoginsOptions;
  readonly issuer: OidcIssuer;

  constructor(options: OidcLoginsOptions) {
    this.#options = options;
    this.issuer = options.issuer;
  }

  /** Fails with `OidcRefusedError`, `NoRoleError`, or `BadCredentialsError` for a disabled account. */
  async finish(url: URL, { state, address }: { state: string | undefined; address: string }): Promise<OpenedSession> {
    const person = await this.issuer.finish(url, state);
    const account = await this.#accountOf(person, address);
    const actor = { ...actorOfAccount(account), address };
    const { store, sessions } = this.#options;
    const opened = await store.transaction(async (tx) => {
      if ((await findAccountBySubject(tx, person.subject))?.disabled !== false) return undefined;
      await appendLedger(tx, { actor, action: 'login', result: 'ok', details: { with: 'oidc' } });
      return await sessions.open(tx, account);
    });
    if (!opened) await this.#refuse(account.name, 'disabled', address);
    if (!opened) throw new BadCredentialsError();
    return { ...opened, actor: { ...actor, hasFactor: true } };
  }

  async #accountOf(person: OidcPerson, address: string): Promise<Account> {
    const { store, accounts } = this.#options;
    const { subject, role, areas } = person;
    if (role === undefined) {
      await this.#refuse(person.name, 'no role', address);
      throw new NoRoleError();
    }
    const known = await findAccountBySubject(store.db, subject);
    if (!known) return await accounts.addForeign({ subject, role, areas, name: await this.#freeName(person.name) });
    if (known.disabled || (known.role === role && isDeepStrictEqual(known.areas, areas))) return known;
    return await accounts.edit(known.id, { role, areas }, systemActor);
  }

  /** A name of the other house may be somebody else's here. */
  async #freeName(name: string): Promise<string> {
    const { db } = this.#options.store;
    let free = name;
    for (let n = 2; (await findAccountByName(db, free)) !== undefined; n += 1) free = `${name}-${n}`;
    return free;
  }

  async #refuse(name: string, reason: string, address: string): Promise<void> {
    const actor = { ...systemActor, address };
    const entry = {
      actor,
      action: 'login',
      object: name,
      result: 'failed',
      details: { reason, with: 'oidc' },
    } as const;
    await this.#options.store.transaction((tx) => appendLedger(tx, entry));
  }
}
