import { expect, test } from 'vitest';
import { KnownAlerts } from '../../src/alerts/known-alerts.ts';
import { Lanes } from '../../src/alerts/lanes.ts';
import { raisedAlert } from '../../src/alerts/observation.ts';
import { fog, second } from './alert-fixtures.ts';

const alert = (seq: number) => raisedAlert(fog(), { id: `a${seq}`, seq, now: second(0), dueMs: 60_000 });

test('what is known of a key is its newest alert, and only so many keys are known', () => {
  const known = new KnownAlerts(2);
  known.keep('k1', alert(2), 7);
  expect(known.keep('k1', alert(1))).toMatchObject({ alert: { seq: 2 } });
  expect(known.keep('k1', alert(3))).toMatchObject({ alert: { seq: 3 }, storedAt: 7 });
  known.keep('k2', alert(4));
  known.keep('k1', alert(5));
  known.keep('k3', alert(6));
  expect(['k1', 'k2', 'k3'].map((key) => known.get(key)?.alert.seq)).toEqual([5, undefined, 6]);
});

test('work of one key runs one after another, also after a failure; other keys do not wait', async () => {
  const lanes = new Lanes();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const failing = lanes.run('a', async () => {
    await first.promise;
    told.push('a1');
    throw new Error('no');
  });
  const next = lanes.run('a', async () => told.push('a2'));
  await lanes.run('b', async () => told.push('b1'));
  expect([lanes.isBusy('a'), lanes.isBusy('b')]).toEqual([true, false]);
  first.resolve();
  await expect(failing).rejects.toThrow('no');
  await next;
  await lanes.idle();
  expect(told).toEqual(['b1', 'a1', 'a2']);
});

test('ten thousand behind each other take their turns in order, and without delay', async () => {
  const lanes = new Lanes();
  const told: number[] = [];
  const from = performance.now();
  const turns = Array.from({ length: 10_000 }, (_, n) => lanes.run('a', async () => told.push(n)));
  await Promise.all(turns);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told).toHaveLength(10_000);
  expect(performance.now() - from).toBeLessThan(2_000);
  expect(lanes.isBusy('a')).toBe(false);
});
