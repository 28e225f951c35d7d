import { expect, test } from 'vitest';
import { nameOf, personOf } from '../../src/access/oidc/oidc-claims.ts';
import { type OidcConfig, oidcIssues } from '../../src/access/oidc/oidc-config.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';
import {
  honestClaims,
  honestHeader,
  openForgedHouse,
  part,
  rsaKey,
  signed,
  startForgingIssuer,
} from './forging-issuer.ts';
import { clientId, clientSecret, FormBrowser, type OidcSite, startOidcSite } from './oidc-provider.ts';

const configOf = (issuer: string): OidcConfig => ({
  ...{ issuer, clientId, clientSecret, name: '县局' },
  ...{ rolesClaim: 'groups', roles: { 'tl-seats': 'seat', 'tl-engineers': 'engineer' }, areasClaim: 'areas' },
});

async function openOidcHouse(site: OidcSite) {
  const house = await openHouse({ access: { oidc: configOf(site.issuer) } });
  const origin = await house.app.listen({ port: 0, host: '127.0.0.1' });
  const callback = `${origin}/api/v1/auth/oidc/callback`;
  site.open(callback);
  const browser = new FormBrowser();
  /** Up to where the issuer sends the browser back to. */
  const logIn = async (sub: string) => {
    const isBack = (url: string) => url.startsWith(callback);
    let at = await browser.follow(`${origin}/api/v1/auth/oidc`, isBack);
    for (const prompt of ['login', 'consent']) {
      if (isBack(at.url)) break;
      const next = await browser.submit(at.url, { prompt, ...(prompt === 'login' && { login: sub, password: 'x' }) });
      at = await browser.follow(next, isBack);
    }
    return at.url;
  };
  const arrive = async (url: string) => (await browser.follow(url, (to) => to === `${origin}/`)).url;
  const me = async () => {
    const cookie = `tianliang=${browser.cookie(origin, 'tianliang')}`;
    return await (await fetch(`${origin}/api/v1/auth/me`, { headers: { cookie } })).json();
  };
  return { ...house, origin, callback, browser, logIn, arrive, me };
}

const zhang = { sub: 'p-17', preferred_username: '张伟', groups: ['staff', 'tl-seats'], areas: ['west'] };

test('somebody of the other house is logged in, with the role and areas it says, and an account without a password', async () => {
  await using site = await startOidcSite();
  await using house = await openOidcHouse(site);
  site.people.set('p-17', zhang);
  expect(await house.arrive(await house.logIn('p-17'))).toBe(`${house.origin}/`);
  expect(await house.me()).toMatchObject({ name: '张伟', role: 'seat', areas: ['west'], secondFactor: 'on' });
  const [account] = await house.access.accounts.list({ limit: 10 });
  expect(account).toMatchObject({ name: '张伟', oidc: true });
  for (const password of ['', goodPassword])
    await expect(house.access.login({ name: '张伟', password, address: '192.0.2.1' })).rejects.toThrow('not right');

  site.people.set('p-17', { ...zhang, groups: ['tl-engineers'] });
  house.browser.forget();
  await house.arrive(await house.logIn('p-17'));
  expect(await house.me()).toMatchObject({ name: '张伟', role: 'engineer' });
  const deeds = (await ledgerOf(house.store))
    .map(({ action }) => action)
    .filter((action) => action !== 'session.ended');
  expect(deeds.filter((action) => !action.startsWith('GET'))).toEqual([
    'account.add',
    'login',
    'login',
    'login',
    'account.change',
    'login',
  ]);
});

test('a name that somebody has here already is not taken over', async () => {
  await using site = await startOidcSite();
  await using house = await openOidcHouse(site);
  await house.login('admin', 'admin');
  site.people.set('p-1', { ...zhang, sub: 'p-1', preferred_username: 'admin' });
  await house.arrive(await house.logIn('p-1'));
  expect(await house.me()).toMatchObject({ name: 'admin-2', role: 'seat' });
});

test('a disabled account and one without a role stay out, and the login says why', async () => {
  await using site = await startOidcSite();
  await using house = await openOidcHouse(site);
  site.people.set('p-17', zhang);
  await house.arrive(await house.logIn('p-17'));
  const [account] = await house.access.accounts.list({ limit: 10 });
  await house.access.accounts.edit(account?.id ?? '', { disabled: true }, systemActor);
  house.browser.forget();
  expect(await house.arrive(await house.logIn('p-17'))).toBe(`${house.origin}/#login-BAD_CREDENTIALS`);
  site.people.set('p-18', { ...zhang, sub: 'p-18', groups: ['staff'] });
  house.browser.forget();
  expect(await house.arrive(await house.logIn('p-18'))).toBe(`${house.origin}/#login-OIDC_NO_ROLE`);
  const failed = (await ledgerOf(house.store)).filter(({ result }) => result === 'failed');
  expect(failed.map(({ details }) => details?.reason)).toEqual(['disabled', 'no role']);
});

test('an answer that another browser began, that comes twice, or whose state is not ours is refused', async () => {
  await using site = await startOidcSite();
  await using house = await openOidcHouse(site);
  site.people.set('p-17', zhang);
  const refused = `${house.origin}/#login-OIDC_REFUSED`;
  const stolen = await house.logIn('p-17');
  expect((await new FormBrowser().follow(stolen)).url).toBe(refused);
  const own = house.browser.cookie(house.origin, 'tianliang-oidc');
  expect(own).toBeTruthy();
  const bent = new URL(stolen);
  bent.searchParams.set('state', 'another');
  expect(await house.arrive(bent.href)).toBe(refused);
  expect(await house.arrive(stolen)).toBe(refused);
  expect(house.browser.cookie(house.origin, 'tianliang')).toBe(undefined);
});

test('the issuer is down: the button says so, and passwords work', async () => {
  await using site = await startOidcSite();
  await using house = await openOidcHouse(site);
  site.shut();
  const methods = async () => await (await fetch(`${house.origin}/api/v1/auth/methods`)).json();
  expect(await methods()).toEqual({ password: true, oidc: { name: '县局', up: false } });
  const answer = await fetch(`${house.origin}/api/v1/auth/oidc`, { redirect: 'manual' });
  const { code } = (await answer.json()) as { code: string };
  expect([answer.status, code]).toEqual([503, 'OIDC_DOWN']);
  expect((await house.login('seat')).token).toBeTruthy();
});

test('whom the issuer did not sign for stays out, whatever its token says', async () => {
  await using forging = await startForgingIssuer();
  await using house = await openForgedHouse(forging);
  const claims = (nonce: string) => honestClaims(forging, nonce);
  const own = (nonce: string) => signed(honestHeader, claims(nonce), forging.key.privateKey);
  const edited = (nonce: string) =>
    own(nonce).replace(/\..*\./, `.${part({ ...claims(nonce), groups: ['tl-admins'] })}.`);
  const forged = [
    edited,
    (nonce: string) => signed(honestHeader, claims(nonce), rsaKey().privateKey),
    (nonce: string) => `${part({ alg: 'none' })}.${part(claims(nonce))}.`,
    ...[{ exp: 1 }, { sub: '' }].map(
      (change) => (nonce: string) => signed(honestHeader, { ...claims(nonce), ...change }, forging.key.privateKey),
    ),
  ];
  for (const token of forged)
    expect(await house.logIn(token)).toEqual({ place: '/#login-OIDC_REFUSED', session: undefined });
  expect(await house.access.accounts.list({ limit: 10 })).toEqual([]);
  expect(await house.logIn(own)).toMatchObject({ place: '/', session: expect.any(String) });
});

test('of several roles the one that may most; names become account names', () => {
  const config = configOf('https://id.example.org');
  const claims = { iss: 'https://id.example.org', sub: '1', groups: ['tl-engineers', 'tl-seats', 'constructor'] };
  expect(personOf(claims, config)).toEqual({
    subject: 'https://id.example.org#1',
    name: '1',
    role: 'engineer',
    areas: [],
  });
  expect(personOf({ ...claims, groups: 'constructor' }, config).role).toBe(undefined);
  expect(nameOf({ email: 'li.na@example.org' })).toBe('li.na');
  expect(nameOf({ preferred_username: '..\r\n\u001b[31m' })).toBe('31m');
  expect(nameOf({ preferred_username: '---' })).toBe('oidc');
});

test.each([
  ['short', { clientSecret: 'Zg8s-4kQv' }, ['clientSecret']],
  ['from an example', { clientSecret: 'please-change-me-please' }, ['clientSecret']],
  ['one letter', { clientSecret: 'aaaaaaaaaaaaaaaaaaaa' }, ['clientSecret']],
  ['over a plain network', { issuer: 'http://id.example.org' }, ['issuer']],
  ['right', {}, []],
])('a configuration that is %s is refused where it is wrong', (...[, change, expected]) => {
  const issues = oidcIssues({ ...configOf('https://id.example.org'), ...change });
  expect(issues.map(({ path }) => path.at(-1))).toEqual(expected);
  expect(JSON.stringify(issues)).not.toContain('please-change');
});
