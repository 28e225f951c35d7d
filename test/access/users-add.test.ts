import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askPassword, usersAdd } from '../../src/cli/users-add.ts';
import { findAccountByName } from '../../src/store/accounts-repository.ts';
import { goodPassword, ledgerOf, temporaryStore } from '../helpers/access-house.ts';

const terminal = (isTTY: boolean) => {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  return { input, output, signal: AbortSignal.timeout(2_000) };
};

test('an account made on the command line is in the store with an argon2id hash and a row in the ledger', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  await usersAdd({ store, name: 'boss', role: 'admin', areas: 'all', password: goodPassword });
  expect((await findAccountByName(store.db, 'boss'))?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await ledgerOf(store)).toMatchObject([{ actor: 'system', action: 'account.add', object: 'boss' }]);
});

test('the password is asked for twice and never shown', async () => {
  const screen = terminal(true);
  const asked = askPassword(screen);
  screen.input.write(`${goodPassword}\n`);
  await new Promise((resolve) => setImmediate(resolve));
  screen.input.write(`${goodPassword}\n`);
  expect(await asked).toBe(goodPassword);
  expect(String(screen.output.read())).toBe('password: \nagain: \n');
});

test('two different passwords, or no terminal to ask, are refused', async () => {
  const screen = terminal(true);
  const asked = askPassword(screen);
  screen.input.write('one-password-x\n');
  await new Promise((resolve) => setImmediate(resolve));
  screen.input.write('other-password\n');
  await expect(asked).rejects.toMatchObject({ code: 'PASSWORD_MISMATCH' });
  await expect(askPassword(terminal(false))).rejects.toMatchObject({ code: 'NO_PASSWORD' });
});
