import { expect, test } from 'vitest';
import { eventsSince, headSeq } from '../../src/store/events-repository.ts';
import { fog } from '../alerts/alert-fixtures.ts';
import { manhole, seat as officer, openLoop } from '../dispatch/incidents/incident-fixtures.ts';
import { openSeat, startLive } from './live-fixtures.ts';

test('a seat is told of each step of an incident in the order it was committed, and of what it missed', async () => {
  await using loop = await openLoop();
  const { db } = loop.store;
  const log = {
    eventsSince: (seq: number, topics: readonly string[], limit: number) => eventsSince(db, { seq, topics, limit }),
    headSeq: () => headSeq(db),
  };
  await using live = await startLive({ log, snapshot: { incidents: (actor) => loop.book.open(actor) } });
  loop.records.on('changed', (incident) => live.hub.publish(incident));
  const known = await loop.desk.open(manhole(), { actor: officer });
  await using seat = await openSeat(live.url);
  await using south = await openSeat(live.url, 'south');
  for (const one of [seat, south]) one.subscribe({ topics: ['alerts', 'incidents'] });
  await seat.until(() => seat.of('snapshot', 'incidents').length === 1);
  await south.until(() => south.of('snapshot', 'incidents').length === 1);
  expect(seat.of('snapshot', 'incidents')).toMatchObject([{ items: [{ id: known.id, state: 'received' }], seq: 1 }]);
  expect(south.of('snapshot', 'incidents')).toMatchObject([{ items: [] }]);

  const alert = await loop.alertDesk.observe(fog());
  const { id } = await loop.dispatcher.dispatchAlert(alert.id, { unit: 'xun7' }, { actor: officer });
  await seat.until(() => seat.seqs.length === 4);
  const told = seat.of('event').map(({ seq, topic, data }) => [seq, topic, (data as { state: string }).state]);
  expect(told).toEqual([
    [2, 'alerts', 'raised'],
    [3, 'incidents', 'received'],
    [4, 'alerts', 'acknowledged'],
    [5, 'incidents', 'dispatched'],
  ]);
  expect(south.seqs).toEqual([]);

  await using late = await openSeat(live.url);
  late.subscribe({ topics: ['incidents'], since: 2 });
  await late.until(() => late.seqs.length === 2);
  expect(late.of('event')).toMatchObject([
    { seq: 3, data: { id } },
    { seq: 5, data: { id, version: 2 } },
  ]);
});
