import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Channels } from '../../src/dispatch/channels/channels.ts';
import { silentLog } from '../../src/shared/log.ts';
import { fog, openDesk, seat } from '../alerts/alert-fixtures.ts';
import { answer, startReceiver, webhookTo } from '../dispatch/channels/receiver.ts';

const downMs = 600_000;
const everyMs = 500;
/** The longest a receiver that works again waits for the next attempt, and some. */
const backMs = 360_000;

test('T15: a webhook receiver that answers 500 for ten minutes hears of every alert as it stands, and of none thrice', async () => {
  await using world = await openDesk();
  await using receiver = await startReceiver(answer(500));
  const config = [webhookTo(receiver.url)];
  await using channels = new Channels({ config, store: world.store, dataDir: world.path, log: silentLog });
  world.desk.on('changed', () => channels.wake());
  await channels.start();
  await channels.waiting();
  const until = Date.now() + downMs;
  for (let n = 0; Date.now() < until; n += 1) {
    const place = { lat: 20 + (n % 100) / 10, lon: 90 + Math.floor(n / 100) / 10 };
    const { id } = await world.desk.observe(fog({ key: `k${n}`, sensor: `s${n}`, position: place, at: new Date() }));
    if (n % 2 === 0) await world.desk.acknowledge(id, seat);
    await delay(everyMs);
  }
  const whileDown = receiver.received.length;
  const waited = (await channels.waiting()).ops;
  receiver.answers(answer(200));
  const back = Date.now();
  await receiver.until(() => receiver.taken().length > 0, backMs);
  const firstMs = Date.now() - back;
  await expect.poll(() => channels.waiting(), { timeout: backMs }).toEqual({ ops: 0 });
  const told = receiver.taken().map(({ body }) => `${body.data.id} ${body.data.version}`);
  const missed = receiver.taken().reduce((sum, { body }) => sum + (body.missed ?? 0), 0);
  const duplicates = told.length - new Set(told).size;
  const figures = { attemptsWhileDown: whileDown, waited, firstMs, told: told.length, duplicates, missed };
  console.log('T15, a webhook receiver down for 10 min', figures, channels.counts());
  const open = await world.desk.list({ limit: 1_000 });
  const untold = open.items.filter(({ id, version }) => !told.includes(`${id} ${version}`));
  expect(told.length).toBeGreaterThanOrEqual(1);
  expect(duplicates).toBeLessThanOrEqual(2);
  // What was given up is counted and announced; nothing else is missing.
  expect(missed).toBe(channels.counts().dropped);
  expect(untold.length).toBeLessThanOrEqual(missed);
  expect(whileDown).toBeLessThan(60);
});
