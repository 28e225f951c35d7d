import { Access } from '../access/access.ts';
import { type Role, systemActor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Account } from '../store/accounts-repository.ts';
import type { Store } from '../store/store.ts';
import { askHidden, type Terminal } from './ask.ts';

export interface UsersAdd {
  readonly store: Store;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly unit?: string;
  readonly password: string;
}

/** The two passwords typed are not the same. */
export class PasswordMismatchError extends AppError {
  readonly code = 'PASSWORD_MISMATCH';

  constructor() {
    super('the two passwords are not the same; nothing was changed');
  }
}

/** Makes an account. Fails with `AccountNameError`, `WeakPasswordError` or `AccountExistsError`. */
export async function usersAdd({ store, ...account }: UsersAdd): Promise<Account> {
  await using access = new Access({ store });
  return await access.accounts.add(account, systemActor);
}

/** Asks twice without showing what is typed. Fails with `NoPasswordError` or `PasswordMismatchError`. */
export async function askPassword(terminal: Terminal): Promise<string> {
  const [password = '', again] = await askHidden(terminal, ['password: ', 'again: ']);
  if (again !== password) throw new PasswordMismatchError();
  return password;
}
