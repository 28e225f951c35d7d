import { expect, test } from 'vitest';
import { systemActor } from '../../src/shared/actor.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';

const json = { 'content-type': 'application/json' };
const login = (username: string, password: string, remoteAddress = '192.0.2.7') =>
  ({
    method: 'POST',
    url: '/api/v1/auth/login',
    headers: json,
    payload: { username, password },
    remoteAddress,
  }) as const;

test('a login answers a token, the user, when it ends, and an HttpOnly cookie; both open the house', async () => {
  await using house = await openHouse();
  await house.access.accounts.add(
    { name: '张伟', role: 'patrol', areas: ['qingshan'], unit: 'xun7', password: goodPassword },
    systemActor,
  );

  const answer = await house.app.inject(login('张伟', goodPassword));

  expect(answer.statusCode).toBe(200);
  const { token, user, expiresAt } = answer.json();
  expect(user).toEqual({ id: user.id, name: '张伟', role: 'patrol', areas: ['qingshan'], unit: 'xun7' });
  expect(new Date(expiresAt).getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  const cookie = String(answer.headers['set-cookie']).split(';')[0];
  const me = await house.app.inject({ url: '/api/v1/auth/me', headers: { authorization: `Bearer ${token}` } });
  expect(me.json()).toEqual(user);
  expect((await house.app.inject({ url: '/api/v1/auth/me', headers: { cookie } })).json()).toEqual(user);
});

test('over loopback the cookie is plain, over TLS it is __Host- and Secure', async () => {
  await using house = await openHouse({ proxies: ['192.0.2.7'] });
  await house.login('seat');
  const loopback = await house.app.inject({
    ...login('seat', goodPassword),
    headers: { ...json, host: '127.0.0.1:8080' },
  });
  const proxied = await house.app.inject({
    ...login('seat', goodPassword),
    headers: { ...json, host: 'wall.example.org', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' },
  });

  expect(loopback.headers['set-cookie']).toMatch(/^tianliang=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(proxied.headers['set-cookie']).toMatch(
    /^__Host-tianliang=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  );
  expect(proxied.headers['strict-transport-security']).toContain('max-age=');
});

test('a browser on another machine is refused over plain HTTP, with the reason', async () => {
  await using house = await openHouse();
  await house.login('seat');
  const answer = await house.app.inject({
    ...login('seat', goodPassword),
    headers: { ...json, host: '10.1.2.3:8080', origin: 'http://10.1.2.3:8080' },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'TLS_REQUIRED']);
});

test('an unknown name, a wrong password and a disabled account get the same answer, and each a row in the ledger', async () => {
  await using house = await openHouse();
  const gone = await house.access.accounts.add(
    { name: 'gone', role: 'seat', areas: 'all', password: goodPassword },
    systemActor,
  );
  await house.login('seat');
  await house.access.accounts.edit(gone.id, { disabled: true }, systemActor);

  const answers = await Promise.all([
    house.app.inject(login('nobody\r\n\u001b[31mforged', goodPassword)),
    house.app.inject(login('seat', 'not-the-password')),
    house.app.inject(login('gone', goodPassword)),
  ]);

  for (const answer of answers) {
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({ ...answers[0]?.json(), code: 'BAD_CREDENTIALS' });
  }
  const failed = (await ledgerOf(house.store)).filter(({ result }) => result === 'failed');
  expect(new Set(failed.map(({ object, details }) => `${object}: ${details?.reason}`))).toEqual(
    new Set(['nobody\\u{d}\\u{a}\\u{1b}[31mforged: unknown name', 'seat: wrong password', 'gone: disabled']),
  );
});

test('a name nobody has costs a hash like any other', async () => {
  await using house = await openHouse();
  const asked: (string | undefined)[] = [];
  const { verify } = house.access.passwords;
  house.access.passwords.verify = (password, stored) => {
    asked.push(stored);
    return verify.call(house.access.passwords, password, stored);
  };
  await house.login('seat');
  await house.app.inject(login('nobody', goodPassword));
  expect(asked.map((stored) => stored?.slice(0, 9))).toEqual(['$argon2id', undefined]);
});

test('the eleventh wrong try of a minute is told when to come back, from any address, and the right password fits later', async () => {
  let now = new Date('2026-11-20T08:00:00Z');
  await using house = await openHouse({ access: { now: () => now } });
  await house.login('seat');
  for (let i = 0; i < 10; i += 1) {
    const answer = await house.app.inject(login('seat', 'not-the-password', `198.51.100.${i}`));
    expect(answer.statusCode).toBe(401);
  }
  now = new Date(now.getTime() + 20_000);
  const refused = await house.app.inject(login('SEAT', goodPassword, '203.0.113.5'));
  expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([
    429,
    'TOO_MANY_TRIES',
    '40',
  ]);

  now = new Date(now.getTime() + 40_000);
  expect((await house.app.inject(login('seat', goodPassword))).statusCode).toBe(200);
});

test('one address may try ten times over all accounts; a forged X-Forwarded-For does not make it another', async () => {
  await using house = await openHouse();
  const statuses: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const headers = { ...json, 'x-forwarded-for': `203.0.113.${i}` };
    const answer = await house.app.inject({ ...login(`user${i}`, 'not-the-password'), headers });
    statuses.push(answer.statusCode);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  const elsewhere = await house.app.inject(login('user1', 'not-the-password', '192.0.2.99'));
  expect(elsewhere.statusCode).toBe(401);
});

test('a shift that logs in through one address is not throttled by its own success', async () => {
  await using house = await openHouse();
  for (let i = 0; i < 12; i += 1) await house.login(`seat${i}`);
  const answer = await house.app.inject(login('seat3', goodPassword, '192.0.2.1'));
  expect(answer.statusCode).toBe(200);
});

test('a login from a page of somebody else is refused', async () => {
  await using house = await openHouse();
  await house.login('seat');
  const headers = { ...json, host: '127.0.0.1:8080', origin: 'https://evil.example' };
  const answer = await house.app.inject({ ...login('seat', goodPassword), headers });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'FOREIGN_ORIGIN']);
});
