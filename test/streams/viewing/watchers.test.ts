import { expect, test } from 'vitest';
import { HubViewer } from '../../../src/streams/hub/hub-viewer.ts';
import { admittedWatcher } from '../../../src/streams/viewing/admitted-watcher.ts';
import { type WatchEntry, Watchers } from '../../../src/streams/viewing/watchers.ts';

const seat = { id: 'a1', name: 'seat', role: 'seat', areas: 'all', session: 's1' } as const;
const watch = { actor: seat, camera: 'k1', over: 'http' };
const sink = { write: () => true, end: () => undefined };

test('a session that ended while its stream was being opened is cut from it, with the reason', async () => {
  const rows: WatchEntry[] = [];
  const watchers = new Watchers((row) => rows.push(row));
  watchers.end({ session: 's1', account: 'a1', reason: 'disabled' });
  watchers.watch(watch, (onEnd) => new HubViewer(sink, onEnd));
  const other = watchers.watch({ ...watch, actor: { ...seat, session: 's2' } }, (onEnd) => new HubViewer(sink, onEnd));
  await Promise.resolve();
  const stops = rows.filter(({ action }) => action === 'watch.stop');
  expect(stops.map(({ details }) => details.reason)).toEqual(['disabled']);
  expect([watchers.size, other.ended]).toEqual([1, undefined]);
});

test.each([
  ['nobody else', undefined, 'a1'],
  ['its own account', seat, 'a1'],
  ['another account', { ...seat, id: 'a2' }, undefined],
])('a ticket shown with a session of %s', (...[, known, expected]) => {
  const redeemed: string[] = [];
  const redeem = (ticket: string) => {
    redeemed.push(ticket);
    return seat;
  };
  expect(admittedWatcher({ ticket: 't', camera: 'k1', known }, redeem)?.id).toBe(expected);
  expect(redeemed).toEqual(['t']);
});
