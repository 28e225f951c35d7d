import { expect, test } from 'vitest';
import { Gate } from '../../src/access/gate.ts';
import { formatHash, hashCost, hashPassword, matchesHash, parseHash } from '../../src/access/password-hash.ts';
import { PasswordKeeper } from '../../src/access/password-keeper.ts';
import { passwordProblem } from '../../src/access/password-policy.ts';

test('a password is kept as an argon2id PHC string of the recommended cost and recognised by it', async () => {
  const stored = await hashPassword('luchu-baiyun-27');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  const hash = parseHash(stored);
  expect(hash && formatHash(hash)).toBe(stored);
  expect(hash && (await matchesHash('luchu-baiyun-27', hash))).toBe(true);
  expect(hash && (await matchesHash('luchu-baiyun-28', hash))).toBe(false);
  expect(await hashPassword('luchu-baiyun-27')).not.toBe(stored);
});

test('the same characters composed in two ways are the same password', async () => {
  const keeper = new PasswordKeeper({ memoryKib: 8, passes: 1, lanes: 1 });
  expect(await keeper.verify('zu\u0308rich-am-see', await keeper.hash('z\u00fcrich-am-see'))).toBe(true);
});

test.each([
  '',
  'plaintext',
  '$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA',
])('a stored hash that is not ours or not affordable is refused: %s', (phc) => {
  expect(parseHash(phc)).toBe(undefined);
});

test('without a stored hash the same work is done and nothing matches', async () => {
  expect(hashCost).toEqual({ memoryKib: 19_456, passes: 2, lanes: 1 });
  expect(await new PasswordKeeper().verify('luchu-baiyun-27', undefined)).toBe(false);
});

test.each([
  ['kurz', 'at least 12'],
  ['x'.repeat(129), 'at most 128'],
  ['aaaaaaaaaaaaaa', 'first that are guessed'],
  ['abcabcabcabcabc', 'first that are guessed'],
  ['123456789012345', 'first that are guessed'],
  ['Password-1234', 'first that are guessed'],
  ['Woaini1314520', 'first that are guessed'],
  ['zhangwei12345', 'more than the name'],
])('%s is refused: %s', (password, problem) => {
  expect(passwordProblem(password, 'zhangwei')).toContain(problem);
});

test.each(['luchu-baiyun-27', '今天天气很好我们去爬山吧', 'correct staple horse battery', 'nur kleine buchstaben'])(
  '%s is accepted: no composition rules',
  (password) => {
    expect(passwordProblem(password, 'zhangwei')).toBe(undefined);
  },
);

test('the gate lets two in, makes some wait in order and sends the rest away', async () => {
  const gate = new Gate({ atOnce: 2, waiting: 2 });
  const order: number[] = [];
  const opens: (() => void)[] = [];
  const work = (n: number) => () =>
    new Promise<void>((resolve) => {
      order.push(n);
      opens.push(resolve);
    });
  const runs = [1, 2, 3, 4].map((n) => gate.run(work(n)));
  await expect(gate.run(work(5))).rejects.toMatchObject({ code: 'BUSY', statusCode: 503, retryAfterSeconds: 2 });
  expect(order).toEqual([1, 2]);
  for (let n = 0; n < 4; n += 1) {
    opens[n]?.();
    await runs[n];
    await Promise.resolve();
  }
  expect(order).toEqual([1, 2, 3, 4]);
});
