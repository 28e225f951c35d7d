import { expect, test } from 'vitest';
import { eventsSince, headSeq } from '../../src/store/events-repository.ts';
import { fog, seat as officer, openDesk, second } from '../alerts/alert-fixtures.ts';
import { openSeat, startLive } from './live-fixtures.ts';

test('a seat that was away while the server restarted is told what it missed, once and in order', async () => {
  await using world = await openDesk();
  const { db } = world.store;
  const log = {
    eventsSince: (seq: number, topics: readonly string[], limit: number) => eventsSince(db, { seq, topics, limit }),
    headSeq: () => headSeq(db),
  };
  const snapshot = { alerts: async () => (await world.desk.list()).items };
  {
    await using live = await startLive({ log, snapshot });
    world.desk.on('changed', (alert) => live.hub.publish(alert));
    await using seat = await openSeat(live.url);
    seat.subscribe({ topics: ['alerts'] });
    await seat.until(() => seat.of('snapshot').length === 1);
    const { id } = await world.desk.observe(fog());
    await Promise.all([world.desk.observe(fog({ key: 'b' })), world.desk.acknowledge(id, officer)]);
    await seat.until(() => seat.seqs.length === 3);
    expect(seat.seqs).toEqual([1, 2, 3]);
  }
  const missed = [1, 2, 3, 4].map((n) => world.desk.observe(fog({ key: `away:${n}`, at: second(n) })));
  await Promise.all(missed);

  await using live = await startLive({ log, snapshot });
  await using seat = await openSeat(live.url);
  seat.subscribe({ topics: ['alerts'], since: 3 });
  await seat.until(() => seat.seqs.length === 4);
  expect(seat.seqs).toEqual([4, 5, 6, 7]);
  const told = seat.of('event').map(({ seq, data }) => ({ seq, data }));
  expect(told).toMatchObject([4, 5, 6, 7].map((seq) => ({ seq, data: { seq, version: 1, state: 'raised' } })));
});
