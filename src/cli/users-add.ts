import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';
import { Access } from '../access/access.ts';
import { type Role, systemActor } from '../shared/actor.ts';
import { AppError } from '../shared/app-error.ts';
import type { Account } from '../store/accounts-repository.ts';
import type { Store } from '../store/store.ts';

export interface UsersAdd {
  readonly store: Store;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly unit?: string;
  readonly password: string;
}

/** Neither a password nor a terminal to ask for it. */
export class NoPasswordError extends AppError {
  readonly code = 'NO_PASSWORD';

  constructor() {
    super('no password: set TIANLIANG_PASSWORD or run this in a terminal');
  }
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

export interface Terminal {
  readonly input: Pick<ReadStream, 'isTTY'> & NodeJS.ReadableStream;
  readonly output: Pick<WriteStream, 'isTTY'> & NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Asks twice without showing what is typed. Fails with `NoPasswordError` or `PasswordMismatchError`. */
export async function askPassword({ input, output, signal }: Terminal): Promise<string> {
  if (!input.isTTY) throw new NoPasswordError();
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  try {
    const ask = async (question: string) => {
      output.write(question);
      const answer = await lines.question('', { signal });
      output.write('\n');
      return answer;
    };
    const password = await ask('password: ');
    if ((await ask('again: ')) !== password) throw new PasswordMismatchError();
    return password;
  } finally {
    lines.close();
  }
}
