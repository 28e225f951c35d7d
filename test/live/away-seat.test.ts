import { expect, test } from 'vitest';
import { eventsSince, headSeq } from '../../src/store/events-repository.ts';
import { fog, openDesk, second } from '../alerts/alert-fixtures.ts';
import { openSeat, startLive } from './live-fixtures.ts';

const alertsAway = 500;

type World = Awaited<ReturnType<typeof openDesk>>;

/** The hub on the desk's events, as the house joins them. */
async function liveOn({ desk, store: { db } }: World, replayWindow?: number) {
  const log = {
    eventsSince: (seq: number, topics: readonly string[], limit: number) => eventsSince(db, { seq, topics, limit }),
    headSeq: () => headSeq(db),
  };
  const live = await startLive({
    log,
    snapshot: { alerts: (actor) => desk.open(actor) },
    ...(replayWindow !== undefined && { limits: { replayWindow } }),
  });
  desk.on('changed', (alert) => live.hub.publish(alert));
  return live;
}

/** Each of a place of its own: nothing is merged, and no source floods. */
const raise = (world: World, from: number, to: number) =>
  Promise.all(
    Array.from({ length: to - from }, (_, n) => {
      const number = from + n;
      const position = { lat: 20 + number / 100, lon: 105 };
      return world.desk.observe(
        fog({ key: `away:${number}`, sensor: `ws${number}`, at: second(number / 10), position }),
      );
    }),
  );

test('T13: a seat away for 500 alerts, and a restart among them, is told every one once and in order', async () => {
  await using world = await openDesk();
  let last = 0;
  {
    await using live = await liveOn(world);
    {
      await using seat = await openSeat(live.url);
      seat.subscribe({ topics: ['alerts'] });
      await seat.until(() => seat.of('snapshot').length === 1);
      await raise(world, 0, 3);
      await seat.until(() => seat.seqs.length === 3);
      last = Number(seat.seqs.at(-1));
    }
    await raise(world, 3, 250);
  }
  await using again = await openDesk({}, world.path);
  await using live = await liveOn(again);
  await raise(again, 250, 3 + alertsAway);
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['alerts'], since: last });
  await seat.until(() => seat.seqs.length === alertsAway, 20_000);
  expect(seat.seqs).toEqual(Array.from({ length: alertsAway }, (_, n) => last + 1 + n));
  const ids = seat.of('event').map(({ data }) => (data as { id: string }).id);
  expect(new Set(ids).size).toBe(alertsAway);
  expect(seat.of('snapshot')).toEqual([]);
  const [next] = await raise(again, 900, 901);
  await seat.until(() => seat.seqs.at(-1) === next?.seq);
  expect(seat.seqs).toHaveLength(alertsAway + 1);
}, 60_000);

test('T13: away for longer than is replayed, it is told of the gap and shown all that is open, and misses nothing after', async () => {
  await using world = await openDesk();
  await using live = await liveOn(world, 100);
  await raise(world, 0, 3 + alertsAway);
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['alerts'], since: 3 });
  await seat.until(() => seat.of('snapshot').length === 1, 20_000);
  expect(seat.of('gap')).toEqual([{ type: 'gap', topic: 'alerts', from: 3, to: 3 + alertsAway }]);
  expect(seat.of('snapshot')[0]?.items).toHaveLength(3 + alertsAway);
  expect(seat.messages.findIndex(({ type }) => type === 'gap')).toBeLessThan(
    seat.messages.findIndex(({ type }) => type === 'snapshot'),
  );
  const [next] = await raise(world, 900, 901);
  await seat.until(() => seat.seqs.length === 1);
  expect(seat.seqs).toEqual([next?.seq]);
}, 60_000);
