import { expect, test } from 'vitest';
import { openHouse } from '../helpers/access-house.ts';

test('a reviewer reads the ledger newest first, page by page, and each reading is a row', async () => {
  await using house = await openHouse();
  const reviewer = await house.login('reviewer', 'reviewer');
  for (let i = 0; i < 5; i += 1) await house.login(`seat${i}`);
  const read = async (query: string) =>
    (await house.app.inject({ url: `/api/v1/ledger${query}`, headers: reviewer })).json();

  const first = await read('?action=login&limit=4');
  expect(first.items).toHaveLength(4);
  expect(first.items[0]).toMatchObject({
    actor: 'seat4',
    role: 'seat',
    result: 'ok',
    address: '192.0.2.1',
  });
  const second = await read(`?action=login&limit=4&cursor=${first.next}`);
  expect(second.items.map(({ actor }: { actor: string }) => actor)).toEqual(['seat0', 'reviewer']);
  expect(second.next).toBe(undefined);
  const own = await read('?actor=reviewer&action=ledger.read');
  expect(own.items).toHaveLength(3);
});

test('a changed, a removed row: the verdict names the first that is wrong', async () => {
  await using house = await openHouse();
  const admin = await house.login('admin', 'admin');
  for (let i = 0; i < 3; i += 1) await house.login(`seat${i}`);
  const verify = async () => (await house.app.inject({ url: '/api/v1/ledger/verify', headers: admin })).json();
  expect(await verify()).toMatchObject({ intact: true });
  await house.store.db.updateTable('ledger').set({ actor: 'nobody' }).where('id', '=', 4).execute();
  expect(await verify()).toMatchObject({ intact: false, firstWrongId: 4 });
  await house.store.db.deleteFrom('ledger').where('id', '=', 2).execute();
  expect(await verify()).toMatchObject({ intact: false, firstWrongId: 2, problem: 'missing' });
});

test('a seat may not read it, and that it tried is in it', async () => {
  await using house = await openHouse();
  const seat = await house.login('seat');
  const reviewer = await house.login('reviewer', 'reviewer');
  expect((await house.app.inject({ url: '/api/v1/ledger', headers: seat })).statusCode).toBe(403);
  await house.access.close();
  const { items } = (await house.app.inject({ url: '/api/v1/ledger?actor=seat', headers: reviewer })).json();
  expect(items[0]).toMatchObject({ action: 'GET /api/v1/ledger', result: 'denied', details: { reason: 'forbidden' } });
});

test('a limit out of range is refused with the field and what was expected', async () => {
  await using house = await openHouse();
  const admin = await house.login('admin', 'admin');
  const answer = await house.app.inject({ url: '/api/v1/ledger?limit=1000000000', headers: admin });
  expect(answer.json()).toMatchObject({
    status: 400,
    code: 'INVALID_REQUEST',
    errors: [{ field: 'query.limit', expected: 'expected an integer from 1 to 1000' }],
  });
});
