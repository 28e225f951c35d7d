import { once } from 'node:events';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.ts';
import { newSecret, recoveryHash, stepOfCode } from '../../src/access/second-factor/one-time-code.ts';
import { sealText, unsealText } from '../../src/access/second-factor/sealed-text.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { openStore } from '../../src/store/store.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';

const begun = Date.parse('2026-11-26T08:00:00Z');

// RFC 6238, appendix B: the last six digits of the SHA-1 rows.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [2_000_000_000, '279037'],
])('at %s s the code of the standard is %s', (seconds, code) => {
  const secret = new Secret({ buffer: new TextEncoder().encode('12345678901234567890').buffer }).base32;
  const at = new Date(seconds * 1_000);
  expect(stepOfCode(secret, code, at)).toBe(Math.floor(seconds / 30));
  expect(stepOfCode(secret, code, new Date(at.getTime() + 90_000))).toBe(undefined);
});

test('a sealed secret opens with its key and for its account only', () => {
  const key = Buffer.alloc(32, 1);
  const sealed = sealText('JBSWY3DP', key, 'u1');
  expect(unsealText(sealed, key, 'u1')).toBe('JBSWY3DP');
  expect(unsealText(sealed, key, 'u2')).toBe(undefined);
  expect(unsealText(sealed, Buffer.alloc(32, 2), 'u1')).toBe(undefined);
  expect(unsealText('', key, 'u1')).toBe(undefined);
});

async function openFactorHouse(options: Parameters<typeof openHouse>[0] = {}) {
  const clock = { at: begun };
  const house = await openHouse({ ...options, access: { now: () => new Date(clock.at), ...options.access } });
  const admin = await house.login('admin', 'admin');
  const post = async (path: string, payload: object, headers: Record<string, string> = admin) =>
    await house.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload });
  const login = async (code?: string, username = 'admin') => {
    const answer = await post('/auth/login', { username, password: goodPassword, ...(code && { code }) }, {});
    return { status: answer.statusCode, ...answer.json() };
  };
  const codeOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.at });
  const enrol = async () => {
    const { secret, uri } = (await post('/auth/totp', {})).json();
    const confirmed = await post('/auth/totp/confirm', { code: codeOf(secret) });
    clock.at += 30_000;
    return { secret, uri, ...confirmed.json() };
  };
  const admin2 = () => house.login('second', 'admin');
  return { ...house, clock, admin, admin2, post, login, codeOf, enrol };
}

test('once enrolled a login takes the code too, each code once, and a wrong one is in the ledger', async () => {
  await using house = await openFactorHouse();
  expect((await house.login()).status).toBe(200);
  const { secret, uri } = await house.enrol();
  expect(uri).toMatch(/^otpauth:\/\/totp\/Tianliang:admin\?issuer=Tianliang&secret=[A-Z2-7]{32}&/);

  expect(await house.login()).toMatchObject({ status: 401, code: 'SECOND_FACTOR_NEEDED' });
  expect(await house.login('000000')).toMatchObject({ status: 401, code: 'SECOND_FACTOR_WRONG' });
  const code = house.codeOf(secret);
  expect(await house.login(code)).toMatchObject({ status: 200, user: { secondFactor: 'on' } });
  expect(await house.login(code)).toMatchObject({ status: 401, code: 'SECOND_FACTOR_WRONG' });
  const rows = await ledgerOf(house.store);
  expect(rows.filter(({ result }) => result === 'failed').map(({ details }) => details)).toEqual([
    { reason: 'wrong code' },
    { reason: 'wrong code' },
  ]);
  expect(rows.map(({ action }) => action)).toContain('totp.enrol');
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(JSON.stringify(await house.store.db.selectFrom('second_factors').selectAll().execute())).not.toContain(secret);
});

test('a recovery code works once, however it is typed, and is stored as a hash', async () => {
  await using house = await openFactorHouse();
  const { recoveryCodes } = await house.enrol();
  expect(recoveryCodes).toHaveLength(10);
  expect(new Set(recoveryCodes).size).toBe(10);
  const typed = ` ${recoveryCodes[3].toUpperCase().replace('-', ' ')}`;
  expect((await house.login(typed)).status).toBe(200);
  expect((await house.login(recoveryCodes[3])).status).toBe(401);
  const stored = await house.store.db.selectFrom('recovery_codes').selectAll().execute();
  expect(stored.map(({ hash }) => hash)).toContain(recoveryHash(recoveryCodes[0]));
  expect(JSON.stringify(stored)).not.toContain(recoveryCodes[0]);
});

test('codes are throttled as passwords are; asking without one costs no try', async () => {
  await using house = await openFactorHouse();
  const { secret } = await house.enrol();
  for (let i = 0; i < 12; i += 1) expect((await house.login()).status).toBe(401);
  for (let i = 0; i < 10; i += 1) expect(await house.login('000000')).toMatchObject({ code: 'SECOND_FACTOR_WRONG' });
  expect(await house.login(house.codeOf(secret))).toMatchObject({ status: 429, code: 'TOO_MANY_TRIES' });
  house.clock.at += 61_000;
  expect((await house.login(house.codeOf(secret))).status).toBe(200);
});

test('a confirmation is throttled too, and a factor that is set stays', async () => {
  await using house = await openFactorHouse();
  await house.post('/auth/totp', {});
  const confirm = async () => (await house.post('/auth/totp/confirm', { code: '000000' })).statusCode;
  for (let i = 0; i < 10; i += 1) expect(await confirm()).toBe(400);
  expect(await confirm()).toBe(429);
  house.clock.at += 61_000;
  await house.enrol();
  expect((await house.post('/auth/totp', {})).json().code).toBe('SECOND_FACTOR_SET');
});

test('who must have one and has none may do nothing but set it up', async () => {
  await using house = await openFactorHouse({ access: { now: () => new Date(begun), factorRoles: ['admin'] } });
  const get = async (url: string) => {
    const answer = await house.app.inject({ url, headers: house.admin });
    return [answer.statusCode, answer.json().code ?? answer.json().secondFactor];
  };
  expect(await house.login()).toMatchObject({ status: 200, user: { secondFactor: 'required' } });
  expect(await get('/api/v1/accounts')).toEqual([403, 'SECOND_FACTOR_REQUIRED']);
  expect(await get('/api/v1/auth/me')).toEqual([200, 'required']);
  await house.enrol();
  expect(await get('/api/v1/auth/me')).toEqual([200, 'on']);
  expect((await get('/api/v1/accounts'))[0]).toBe(200);
  const seat = await house.login(undefined, 'nobody');
  expect(seat.status).toBe(401);
});

test('another admin resets it, never its owner; its sessions end', async () => {
  await using house = await openFactorHouse();
  await house.enrol();
  const me = (await house.app.inject({ url: '/api/v1/auth/me', headers: house.admin })).json();
  expect((await house.post(`/accounts/${me.id}/totp-reset`, {})).json().code).toBe('OWN_SECOND_FACTOR');
  const other = await house.admin2();
  expect((await house.post(`/accounts/${me.id}/totp-reset`, {}, other)).statusCode).toBe(204);
  expect((await house.app.inject({ url: '/api/v1/auth/me', headers: house.admin })).statusCode).toBe(401);
  expect((await house.login()).status).toBe(200);
  expect((await house.post(`/accounts/${me.id}/totp-reset`, {}, other)).json().code).toBe('NO_SECOND_FACTOR');
});

test('what the command line resets the server hears of: open sockets of the account are told', async () => {
  await using house = await openFactorHouse();
  await house.enrol();
  const actor = await house.access.authenticate(house.admin.token);
  if (!actor) throw new Error('no session');
  house.access.sessions.hold(actor);
  const told = once(house.access.sessions, 'ended', { signal: AbortSignal.timeout(10_000) });
  await using file = await openStore(house.path);
  await using other = new Access({ store: file });
  await other.secondFactors.reset(actor.id, systemActor);
  expect(await told).toMatchObject([{ session: actor.session, reason: 'changed' }]);
});

test('an admin without one is counted, one with it is not', async () => {
  await using house = await openFactorHouse();
  expect(await house.access.bareAdmins()).toBe(1);
  await house.enrol();
  expect(await house.access.bareAdmins()).toBe(0);
});

test('secrets are 160 bits and no two are the same', () => {
  expect(newSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(newSecret()).not.toBe(newSecret());
});
