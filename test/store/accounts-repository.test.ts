import { expect, test } from 'vitest';
import {
  accountsPage,
  countAdmins,
  findAccountByName,
  insertAccount,
  type StoredAccount,
  updateAccount,
} from '../../src/store/accounts-repository.ts';
import { addTries, pruneTries, removeTries, triesOf } from '../../src/store/login-attempts-repository.ts';
import { temporaryStore } from '../helpers/access-house.ts';

const account: StoredAccount = {
  id: 'a1',
  name: '张伟',
  role: 'admin',
  areas: ['qingshan', 'xiangshui'],
  unit: 'xun7',
  disabled: false,
  createdAt: '2026-11-20T08:00:00.000Z',
  passwordHash: '$argon2id$x',
};

test('an account is read as it was written, found by name in any case, changed only where asked', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  await store.transaction((tx) => insertAccount(tx, account));
  await store.transaction((tx) =>
    insertAccount(tx, { ...account, id: 'a2', name: 'Zhang', areas: 'all', role: 'seat' }),
  );
  expect(await findAccountByName(store.db, '张伟')).toEqual(account);
  expect((await findAccountByName(store.db, 'zHANG'))?.areas).toBe('all');
  await store.transaction((tx) => updateAccount(tx, 'a1', { unit: null, disabled: true }));
  const { unit, passwordHash, ...shown } = account;
  expect(await accountsPage(store.db, { limit: 1 })).toEqual([{ ...shown, disabled: true }]);
  expect((await findAccountByName(store.db, '张伟'))?.passwordHash).toBe(passwordHash);
  expect((await accountsPage(store.db, { after: 'a1', limit: 5 })).map(({ id }) => id)).toEqual(['a2']);
  expect(await countAdmins(store.db)).toBe(0);
  expect(unit).toBe('xun7');
});

test('tries are counted by key, taken back one by one, and forgotten outside the window or after a clock put back', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 8, 0, second));
  const ids = await store.transaction((tx) => addTries(tx, ['account:a', 'address:b'], at(1)));
  await store.transaction((tx) => addTries(tx, ['account:a'], at(30)));
  await store.transaction((tx) => addTries(tx, ['account:a'], at(59)));
  expect(await triesOf(store.db, 'account:a')).toEqual([at(1), at(30), at(59)]);
  await store.transaction((tx) => removeTries(tx, ids));
  expect(await triesOf(store.db, 'address:b')).toEqual([]);
  await store.transaction((tx) => pruneTries(tx, { from: at(30), now: at(45) }));
  expect(await triesOf(store.db, 'account:a')).toEqual([]);
});
