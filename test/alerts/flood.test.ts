import { expect, test } from 'vitest';
import { FloodGuard } from '../../src/alerts/flood-guard.ts';
import { fog, openDesk, second } from './alert-fixtures.ts';

test('a source may raise its share in a window, then again in the next', () => {
  const guard = new FloodGuard({ limit: 2, windowMs: 60_000 });
  guard.raised('ws06', 0);
  guard.raised('ws06', 1);
  expect(guard.admits('ws06', 59_999)).toBe(false);
  expect(guard.admits('ws07', 59_999)).toBe(true);
  expect(guard.admits('ws06', 60_000)).toBe(true);
});

test('a sensor that raises without end is capped, counted and announced; others and every SOS get through', async () => {
  await using world = await openDesk({ refreshMs: 0 });
  const flood = Array.from({ length: 1_000 }, (_, n) => world.desk.observe(fog({ key: `wild:${n}`, at: second(1) })));
  const other = await world.desk.observe(fog({ key: 'fog:ws07', sensor: 'ws07' }));
  const sos = fog({ key: 'sos:1', kind: 'sos', severity: 'critical', sensor: undefined, unit: 'xun7' });
  const calls = await Promise.all([1, 2, 3].map((n) => world.desk.observe({ ...sos, key: `sos:${n}` })));
  const answers = await Promise.all(flood);
  await world.desk.close();

  expect(new Set(answers.map(({ id }) => id)).size).toBe(21);
  const { items } = await world.desk.list({ limit: 1_000 });
  expect(items).toHaveLength(20 + 1 + 1 + 3);
  expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining([other.id, ...calls.map(({ id }) => id)]));
  const notice = items.find(({ severity }) => severity === 'info');
  expect(notice).toMatchObject({ sensor: 'ws06', reasons: [{ value: 980 }], endedAt: expect.any(String) });
});
