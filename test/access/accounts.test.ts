import { expect, test } from 'vitest';
import { ensureDemoAccounts } from '../../src/access/demo-accounts.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';

async function openOffice() {
  const house = await openHouse();
  const admin = await house.login('admin', 'admin');
  const call = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
    const answer = await house.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: admin,
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  return { ...house, call };
}

const zhang = { name: 'zhang', role: 'seat', areas: ['qingshan'], password: goodPassword };

test('an admin adds, lists, changes, disables and enables accounts; no answer and no ledger row holds a password', async () => {
  await using office = await openOffice();
  const added = await office.call('POST', '/accounts', zhang);
  expect(added).toMatchObject({
    status: 201,
    body: { name: 'zhang', role: 'seat', areas: ['qingshan'], disabled: false },
  });
  const url = `/accounts/${added.body.id}`;
  expect((await office.call('PATCH', url, { role: 'patrol', unit: 'xun7', areas: 'all' })).body).toMatchObject({
    role: 'patrol',
    unit: 'xun7',
    areas: 'all',
  });
  expect((await office.call('PATCH', url, { unit: null, password: 'another-good-one' })).body.unit).toBe(undefined);
  expect((await office.call('POST', `${url}/disable`)).body.disabled).toBe(true);
  expect((await office.call('POST', `${url}/enable`)).body.disabled).toBe(false);
  const list = await office.call('GET', '/accounts?limit=1');
  expect([list.body.items[0].name, list.body.next]).toEqual(['admin', list.body.items[0].id]);
  expect((await office.call('GET', `/accounts?cursor=${list.body.next}`)).body.items[0].name).toBe('zhang');

  const ledger = await ledgerOf(office.store);
  expect(ledger.slice(-5).map(({ action, object }) => [action, object])).toEqual([
    ['account.add', 'zhang'],
    ...Array.from({ length: 4 }, () => ['account.change', 'zhang']),
  ]);
  const everything = JSON.stringify([ledger, added, list]);
  for (const secret of [goodPassword, 'another-good-one', 'argon2']) expect(everything).not.toContain(secret);
});

test.each([
  [{ ...zhang, name: 'ADMIN' }, 409, 'ACCOUNT_EXISTS'],
  [{ ...zhang, name: 'a\nb' }, 400, 'ACCOUNT_NAME'],
  [{ ...zhang, password: 'short' }, 400, 'WEAK_PASSWORD'],
  [{ ...zhang, password: 'zhang12345678' }, 201, undefined],
  [{ ...zhang, role: 'root' }, 400, 'INVALID_REQUEST'],
  [{ ...zhang, disabled: true }, 400, 'INVALID_REQUEST'],
])('adding %o answers %i %s', async (payload, status, code) => {
  await using office = await openOffice();
  const answer = await office.call('POST', '/accounts', payload);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('an empty change, an unknown account and the last admin are refused', async () => {
  await using office = await openOffice();
  const { body } = await office.call('GET', '/accounts');
  const admin = `/accounts/${body.items[0].id}`;
  expect((await office.call('PATCH', admin, {})).status).toBe(400);
  expect((await office.call('POST', '/accounts/nobody/disable')).body.code).toBe('UNKNOWN_ACCOUNT');
  expect((await office.call('POST', `${admin}/disable`)).body.code).toBe('LAST_ADMIN');
});

test('the demo gets an account a role, the patrol with its unit; a second start changes the password and adds none', async () => {
  await using house = await openHouse();
  await ensureDemoAccounts(house.access, goodPassword);
  await ensureDemoAccounts(house.access, 'another-good-one');
  const accounts = await house.access.accounts.list({ limit: 10 });
  expect(accounts.map(({ name, role }) => (name === role ? name : `${name}!`)).sort()).toEqual([
    'admin',
    'auditor',
    'engineer',
    'patrol',
    'reviewer',
    'seat',
  ]);
  expect(accounts.find(({ name }) => name === 'patrol')?.unit).toBe('xun7');
  const login = await house.access.login({ name: 'seat', password: 'another-good-one', address: '192.0.2.1' });
  expect(login.actor.role).toBe('seat');
  await ensureDemoAccounts(house.access, 'demo');
  const weak = await house.access.login({ name: 'seat', password: 'demo', address: '192.0.2.1' });
  expect(weak.actor.name).toBe('seat');
});
