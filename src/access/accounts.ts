import { randomUUIDv7 } from 'node:crypto';
import { type Actor, type Role, systemActor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import {
  type Account,
  type AccountChange,
  accountsPage,
  countAdmins,
  findAccount,
  findAccountByName,
  insertAccount,
  type StoredAccount,
  updateAccount,
} from '../store/accounts-repository.ts';
import { revokeApiTokensOf } from '../store/api-tokens-repository.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import type { Store, Tx } from '../store/store.ts';
import type { PasswordKeeper } from './password-keeper.ts';
import { checkPassword } from './password-policy.ts';
import type { SessionEnded, Sessions } from './sessions.ts';

export class UnknownAccountError extends AppError {
  readonly code = 'UNKNOWN_ACCOUNT';
  override readonly statusCode = 404;

  constructor() {
    super('there is no such account');
  }
}

export class AccountExistsError extends AppError {
  readonly code = 'ACCOUNT_EXISTS';
  override readonly statusCode = 409;

  constructor(name: string) {
    super(`there is an account named ${name} already`);
  }
}

/** Nobody could undo it. */
export class LastAdminError extends AppError {
  readonly code = 'LAST_ADMIN';
  override readonly statusCode = 409;

  constructor() {
    super('this is the last account that is an admin and not disabled');
  }
}

/** The name would not read the same to everybody. */
export class AccountNameError extends AppError {
  readonly code = 'ACCOUNT_NAME';
  override readonly statusCode = 400;

  constructor() {
    super('an account name has 1 to 32 letters, digits, dots, dashes or underscores and begins with a letter or digit');
  }
}

export interface NewAccount {
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly unit?: string;
  readonly password: string;
  /** Set for the demo's accounts only: whoever tries it out chooses what they type. */
  readonly anyPassword?: boolean;
}

export interface AccountEdit {
  readonly role?: Role;
  readonly areas?: readonly string[] | 'all';
  readonly unit?: string | null;
  readonly disabled?: boolean;
  readonly password?: string;
  readonly anyPassword?: boolean;
}

export interface AccountsOptions {
  readonly store: Store;
  readonly passwords: PasswordKeeper;
  readonly sessions: Sessions;
}

/** What the issuer says of it. */
export type ForeignAccount = Pick<NewAccount, 'name' | 'role' | 'areas'> & { readonly subject: string };

const fresh = (name: string) => ({ id: randomUUIDv7(), name, disabled: false, createdAt: new Date().toISOString() });
const namePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,31}$/u;

/** The accounts of the house. Every change is one transaction with its row in the ledger. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  async list(page: { after?: string; limit: number }): Promise<Account[]> {
    return await accountsPage(this.#options.store.db, page);
  }

  async findByName(name: string): Promise<(Account & { readonly passwordHash: string }) | undefined> {
    return await findAccountByName(this.#options.store.db, name.normalize('NFKC'));
  }

  /** Fails with `AccountNameError`, `WeakPasswordError` or `AccountExistsError`. */
  async add({ name: typed, password, anyPassword = false, ...rest }: NewAccount, actor: Actor): Promise<Account> {
    const name = typed.normalize('NFKC');
    if (!namePattern.test(name)) throw new AccountNameError();
    if (!anyPassword) checkPassword(password, name);
    const passwordHash = await this.#options.passwords.hash(password);
    return await this.#insert({ ...fresh(name), ...rest, passwordHash }, actor);
  }

  /** Of somebody that another house knows: no password opens it. Fails with `AccountNameError` or `AccountExistsError`. */
  async addForeign({ name, ...rest }: ForeignAccount): Promise<Account> {
    if (!namePattern.test(name)) throw new AccountNameError();
    return await this.#insert({ ...fresh(name), ...rest, oidc: true, passwordHash: '' }, systemActor);
  }

  /** Changes what is given and ends the account's sessions: they carried the old rights. */
  async edit(id: string, edit: AccountEdit, actor: Actor): Promise<Account> {
    const { password, anyPassword = false, ...rights } = edit;
    const hash = password === undefined ? undefined : this.#newHash(id, password, anyPassword);
    const passwordHash = await hash;
    const change: AccountChange = { ...rights, ...(passwordHash !== undefined && { passwordHash }) };
    const { account, ended } = await this.#options.store.transaction((tx) => this.#apply(tx, { id, change, actor }));
    this.#options.sessions.announce(ended);
    return account;
  }

  async #insert(stored: StoredAccount, actor: Actor): Promise<Account> {
    const { passwordHash: _, subject, ...account } = stored;
    const { name, role, areas, unit } = account;
    await this.#options.store.transaction(async (tx) => {
      if (await findAccountByName(tx, name)) throw new AccountExistsError(name);
      await insertAccount(tx, stored);
      const details = { role, areas, unit, ...(subject !== undefined && { subject }) };
      await appendLedger(tx, { actor, action: 'account.add', object: name, result: 'ok', details });
    });
    return account;
  }

  async #apply(tx: Tx, { id, change, actor }: { id: string; change: AccountChange; actor: Actor }) {
    const before = await findAccount(tx, id);
    if (!before) throw new UnknownAccountError();
    await updateAccount(tx, id, change);
    if ((await countAdmins(tx)) === 0 && before.role === 'admin' && !before.disabled) throw new LastAdminError();
    const { passwordHash, ...shown } = change;
    const details = { ...shown, ...(passwordHash !== undefined && { password: 'changed' }) };
    await appendLedger(tx, { actor, action: 'account.change', object: before.name, result: 'ok', details });
    const reason: SessionEnded['reason'] = change.disabled ? 'disabled' : 'changed';
    const ended = await this.#options.sessions.endAllOf(tx, id, reason);
    // What its tokens may do was measured by what it could do itself.
    const isOther = change.role !== undefined || change.areas !== undefined;
    const revoked = isOther ? await revokeApiTokensOf(tx, id, new Date()) : [];
    ended.push(...revoked.map((session) => ({ session, account: id, reason: 'revoked' as const })));
    return { account: (await findAccount(tx, id)) ?? before, ended };
  }

  async #newHash(id: string, password: string, anyPassword: boolean): Promise<string> {
    const account = await findAccount(this.#options.store.db, id);
    if (!account) throw new UnknownAccountError();
    if (!anyPassword) checkPassword(password, account.name);
    return await this.#options.passwords.hash(password);
  }
}
