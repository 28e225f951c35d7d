import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.ts';
import { sessionEnd } from '../../src/access/session-limits.ts';
import type { SessionEnded } from '../../src/access/sessions.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { openStore } from '../../src/store/store.ts';
import { cheapHash, goodPassword, ledgerOf, temporaryStore } from '../helpers/access-house.ts';

const hour = 3_600_000;
const begun = new Date('2026-11-20T08:00:00Z');
const after = (ms: number) => new Date(begun.getTime() + ms);

test.each([
  ['holds while in use', 'seat', { at: 11 * hour, seen: 10 * hour }, undefined],
  ['ends after a shift, in use or not', 'seat', { at: 12 * hour, seen: 12 * hour }, 'expired'],
  ['a patrol has a day', 'patrol', { at: 23 * hour, seen: 12 * hour }, undefined],
  ['goes idle', 'seat', { at: 4 * hour, seen: 2 * hour }, 'idle'],
  ['goes idle sooner for an admin', 'admin', { at: hour, seen: 0 }, 'idle'],
  ['a role cut shortens what runs', 'viewer', { at: 13 * hour, seen: 13 * hour }, 'expired'],
] as const)('a session %s', (...[, role, { at, seen }, expected]) => {
  const times = { role, disabled: false, createdAt: begun, lastSeenAt: after(seen), expiresAt: after(24 * hour) };
  expect(sessionEnd(times, after(at))).toBe(expected);
  expect(sessionEnd({ ...times, disabled: true }, after(at))).toBe('disabled');
});

async function openAccess(now: () => Date = () => new Date()) {
  const database = await temporaryStore();
  const access = new Access({ store: database.store, hashCost: cheapHash, now });
  const account = await access.accounts.add(
    { name: 'seat', role: 'seat', areas: 'all', password: goodPassword },
    systemActor,
  );
  const login = async () => {
    const { token } = await access.login({ name: 'seat', password: goodPassword, address: '192.0.2.1' });
    const actor = await access.authenticate(token);
    if (!actor) throw new Error('not logged in');
    return { token, actor };
  };
  const end = async () => {
    await access.close();
    await database[Symbol.asyncDispose]();
  };
  return { ...database, access, account, login, [Symbol.asyncDispose]: end };
}

test('only the SHA-256 of a token is in the database', async () => {
  await using house = await openAccess();
  const { token, actor } = await house.login();
  const rows = await house.store.db.selectFrom('sessions').selectAll().execute();
  expect(rows.map(({ token_hash }) => token_hash)).toEqual([actor.session]);
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('a session survives a restart, a logout ends it at once and everywhere', async () => {
  await using house = await openAccess();
  const { token, actor } = await house.login();
  await using again = await openStore(house.path);
  const second = new Access({ store: again });
  expect((await second.authenticate(token))?.name).toBe('seat');

  const ended = once(house.access.sessions, 'ended', { signal: AbortSignal.timeout(2_000) });
  await house.access.logout(actor);
  expect(await ended).toEqual([{ session: actor.session, account: actor.id, reason: 'logout' }]);
  expect(await second.authenticate(token)).toBe(undefined);
});

test('disabling an account and changing its rights end its sessions and spend its tickets', async () => {
  await using house = await openAccess();
  const heard: SessionEnded[] = [];
  const stop = house.access.sessionEnded((ended) => heard.push(ended));
  const first = await house.login();
  const { ticket } = await house.access.issueTicket(first.actor, 'k1429-800');
  await house.access.accounts.edit(house.account.id, { role: 'viewer' }, systemActor);
  const second = await house.login();
  await house.access.accounts.edit(house.account.id, { disabled: true }, systemActor);
  stop();

  expect(heard.map(({ session, reason }) => [session, reason])).toEqual([
    [first.actor.session, 'changed'],
    [second.actor.session, 'disabled'],
  ]);
  expect(house.access.redeemTicket(ticket, 'k1429-800')).toBe(undefined);
  expect(await house.access.authenticate(second.token)).toBe(undefined);
});

test('an account disabled by another process loses its live session within 5 s, with a row in the ledger', async () => {
  await using house = await openAccess();
  const { actor } = await house.login();
  house.access.start();
  const ended = once(house.access.sessions, 'ended', { signal: AbortSignal.timeout(5_000) });
  await house.store.db.updateTable('accounts').set({ disabled: 1 }).execute();
  expect(await ended).toEqual([{ session: actor.session, account: actor.id, reason: 'disabled' }]);
  expect((await ledgerOf(house.store)).at(-1)).toMatchObject({
    action: 'session.ended',
    details: { reason: 'disabled' },
  });
});

test('an open socket keeps a session from going idle, never from expiring', async () => {
  let now = begun;
  await using house = await openAccess(() => now);
  const held = await house.login();
  const left = await house.login();
  const release = house.access.sessions.hold(held.actor);
  const heard: SessionEnded[] = [];
  house.access.sessionEnded((ended) => heard.push(ended));

  for (let minutes = 30; minutes <= 240; minutes += 30) {
    now = after(minutes * 60_000);
    await house.access.sessions.sweep();
  }
  expect(heard).toMatchObject([{ session: left.actor.session, reason: 'idle' }]);
  now = after(12 * hour);
  await house.access.sessions.sweep();
  expect(heard.at(-1)).toMatchObject({ session: held.actor.session, reason: 'expired' });
  release();
});

test('a session that is older than its role allows is ended, whatever was said of its end', async () => {
  let now = begun;
  await using house = await openAccess(() => now);
  const { actor } = await house.login();
  await house.store.db
    .updateTable('sessions')
    .set({ expires_at: after(48 * hour).toISOString() })
    .execute();
  const release = house.access.sessions.hold(actor);
  const heard: string[] = [];
  house.access.sessionEnded(({ reason }) => heard.push(reason));
  for (const hours of [1, 11, 12]) {
    now = after(hours * hour);
    await house.access.sessions.sweep();
  }
  expect(heard).toEqual(['expired']);
  release();
});

test('the last admin can be neither disabled nor demoted', async () => {
  await using house = await openAccess();
  const admin = { name: 'boss', role: 'admin', areas: 'all', password: goodPassword } as const;
  const { id } = await house.access.accounts.add(admin, systemActor);
  await expect(house.access.accounts.edit(id, { disabled: true }, systemActor)).rejects.toMatchObject({
    code: 'LAST_ADMIN',
  });
  await expect(house.access.accounts.edit(id, { role: 'seat' }, systemActor)).rejects.toMatchObject({
    code: 'LAST_ADMIN',
  });
  await house.access.accounts.add({ ...admin, name: 'deputy' }, systemActor);
  expect((await house.access.accounts.edit(id, { disabled: true }, systemActor)).disabled).toBe(true);
});

test('tries of the last minute count after a restart', async () => {
  await using house = await openAccess();
  const wrong = { name: 'seat', password: 'not-the-password', address: '192.0.2.5' };
  for (let i = 0; i < 10; i += 1)
    await expect(house.access.login(wrong)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' });
  await using again = await openStore(house.path);
  const second = new Access({ store: again, hashCost: cheapHash });
  await expect(second.login(wrong)).rejects.toMatchObject({ code: 'TOO_MANY_TRIES' });
});
