import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.ts';
import { hashCost } from '../../src/access/password-hash.ts';
import { systemActor } from '../../src/shared/actor.ts';
import { openStore } from '../../src/store/store.ts';
import { goodPassword, ledgerOf, openHouse } from '../helpers/access-house.ts';

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const address = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

interface Guess {
  readonly username: string;
  readonly password?: string;
  readonly from: string;
  /** What it says of where it comes from. */
  readonly forwarded?: string;
}

/** The real cost of a password, on a real database. */
async function openGuessed() {
  let now = new Date('2026-11-26T08:00:00Z');
  const house = await openHouse({ access: { now: () => now, hashCost } });
  for (const name of ['seat', 'other'])
    await house.access.accounts.add({ name, role: 'seat', areas: 'all', password: goodPassword }, systemActor);
  const login = async ({ username, password = 'wrong', from, forwarded }: Guess) => {
    const headers = { 'content-type': 'application/json', ...(forwarded && { 'x-forwarded-for': forwarded }) };
    const payload = { username, password };
    const began = performance.now();
    const answer = await house.app.inject({
      ...{ method: 'POST', url: '/api/v1/auth/login', headers, payload, remoteAddress: from },
    });
    return { status: answer.statusCode, ms: performance.now() - began };
  };
  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { ...house, login, later, now: () => now };
}

const countOf = (answers: readonly { status: number }[], status: number) =>
  answers.filter((one) => one.status === status).length;

test('a thousand wrong logins of one account from a thousand addresses: ten are looked at, others come in', async () => {
  await using house = await openGuessed();
  const guesses: { status: number }[] = [];
  const others: number[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    guesses.push(await house.login({ username: 'seat', password: `wrong-${n}`, from: address(n) }));
    if (n % 50 === 0)
      others.push((await house.login({ username: 'other', password: goodPassword, from: address(900_000 + n) })).ms);
  }
  console.log(`looked at ${countOf(guesses, 401)}, turned away ${countOf(guesses, 429)}`);
  console.log(
    `another account meanwhile: median ${median(others).toFixed(0)} ms, worst ${Math.max(...others).toFixed(0)} ms`,
  );
  expect([countOf(guesses, 401), countOf(guesses, 429)]).toEqual([10, 990]);
  expect(Math.max(...others)).toBeLessThan(5_000);

  await using file = await openStore(house.path);
  await using restarted = new Access({ store: file, now: house.now });
  const again = { name: 'seat', password: goodPassword, address: '192.0.2.200' };
  await expect(restarted.login(again)).rejects.toThrow('too many');
  house.later(60_001);
  expect((await restarted.login(again)).actor.name).toBe('seat');
  await house.access.close();
  const rows = await ledgerOf(house.store);
  expect(rows.filter(({ action, result }) => action === 'login' && result === 'failed')).toHaveLength(10);
  expect(rows.some(({ details }) => details?.reason === 'too many tries')).toBe(true);
}, 600_000);

test('one password over a thousand accounts from one address that names others: ten are looked at', async () => {
  await using house = await openGuessed();
  const guesses: { status: number }[] = [];
  for (let n = 0; n < 1_000; n += 1)
    guesses.push(
      await house.login({ username: `user${n}`, password: goodPassword, from: '198.51.100.7', forwarded: address(n) }),
    );
  console.log(`looked at ${countOf(guesses, 401)}, turned away ${countOf(guesses, 429)}`);
  expect([countOf(guesses, 401), countOf(guesses, 429)]).toEqual([10, 990]);
}, 600_000);

test('a name that nobody has takes as long as one that somebody has', async () => {
  await using house = await openGuessed();
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < 100; n += 1) {
    house.later(61_000);
    // Now the one first, now the other: whatever comes first in a new minute tidies up.
    const turns = n % 2 === 0 ? ['seat', 'nobody'] : ['nobody', 'seat'];
    for (const [turn, username] of turns.entries()) {
      const { ms } = await house.login({ username, from: address(n + turn * 10_000) });
      (username === 'seat' ? known : unknown).push(ms);
    }
  }
  const apart = Math.abs(median(known) - median(unknown));
  console.log(
    `median known ${median(known).toFixed(1)} ms, unknown ${median(unknown).toFixed(1)} ms, ${apart.toFixed(1)} apart`,
  );
  expect(apart).toBeLessThan(10);
}, 600_000);
