import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FloodGuard } from '../../src/alerts/flood-guard.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fog, openDesk, second } from './alert-fixtures.ts';

test('a source may raise its share in a window, then again in the next', () => {
  let now = 0;
  const guard = new FloodGuard({ limit: 2, windowMs: 60_000 }, () => now);
  expect([guard.admit('ws06'), guard.admit('ws06'), guard.admit('ws06')]).toEqual([true, true, false]);
  expect(guard.admit('ws07')).toBe(true);
  guard.giveBack('ws06');
  now = 59_999;
  expect([guard.admit('ws06'), guard.admit('ws06')]).toEqual([true, false]);
  now = 60_000;
  expect(guard.admit('ws06')).toBe(true);
});

test('what turns out to be known already is not counted against its source', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'operations.sqlite');
  const keys = Array.from({ length: 30 }, (_, n) => fog({ key: `known:${n}`, at: second(n) }));
  {
    await using before = await openDesk({ flood: { limit: 100, windowMs: 60_000 } }, path);
    await Promise.all(keys.map((one) => before.desk.observe(one)));
  }
  await using after = await openDesk({ flood: { limit: 5, windowMs: 60_000 } }, path);
  for (const one of keys) await after.desk.observe({ ...one, at: second(60) });
  expect((await after.desk.list({ limit: 100 })).items).toHaveLength(30);
});

test('a sensor that raises without end is capped, counted and announced; others and every SOS get through', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const flood = Array.from({ length: 10_000 }, (_, n) => world.desk.observe(fog({ key: `wild:${n}`, at: second(1) })));
  const other = await world.desk.observe(
    fog({ key: 'fog:ws07', sensor: 'ws07', position: { lat: 27.31, lon: 105.29 } }),
  );
  const sos = fog({ key: 'sos:1', kind: 'sos', severity: 'critical', sensor: undefined, unit: 'xun7' });
  const calls = await Promise.all([1, 2, 3].map((n) => world.desk.observe({ ...sos, key: `sos:${n}` })));
  const answers = await Promise.all(flood);
  await world.desk.close();

  expect(new Set(answers.map(({ id }) => id)).size).toBe(21);
  const { items } = await world.desk.list({ limit: 1_000 });
  expect(items).toHaveLength(20 + 1 + 1 + 3);
  expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining([other.id, ...calls.map(({ id }) => id)]));
  const notice = items.find(({ severity }) => severity === 'info');
  expect(notice).toMatchObject({ sensor: 'ws06', reasons: [{ value: 9_980 }], endedAt: expect.any(String) });
});
