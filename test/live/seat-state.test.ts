import { expect, test } from 'vitest';
import { RateLimit, readClientMessage } from '../../src/live/client-message.ts';
import type { Topic } from '../../src/live/contract.ts';
import { nextSeatState, type SeatState, subscriptionOf } from '../../src/live/seat-state.ts';
import { isInView, viewKey } from '../../src/live/view.ts';
import type { Actor } from '../../src/shared/actor.ts';

const subscription = subscriptionOf({ topics: ['units', 'alerts', 'unknown'], since: 7 });
const idle: SeatState = { phase: 'idle' };
const syncing: SeatState = { phase: 'syncing', subscription };
const live: SeatState = { phase: 'live', subscription, cursor: 5 };
const closed: SeatState = { phase: 'closed', code: 4008 };

test.each([
  ['an idle seat that subscribes is brought up to date', idle, { type: 'subscribe', subscription }, syncing],
  ['one brought up to date is live from there', syncing, { type: 'synced', cursor: 5 }, live],
  ['a live seat that subscribes again starts over', live, { type: 'subscribe', subscription }, syncing],
  ['an event moves the cursor', live, { type: 'passed', seq: 6 }, { ...live, cursor: 6 }],
  ['an old event does not move it back', live, { type: 'passed', seq: 5 }, live],
  ['an idle seat is not live by itself', idle, { type: 'synced', cursor: 5 }, idle],
  ['a seat being brought up to date has no cursor', syncing, { type: 'passed', seq: 6 }, syncing],
  ['any seat closes', live, { type: 'close', code: 4008 }, closed],
  ['closed is final', closed, { type: 'subscribe', subscription }, closed],
  ['the first reason to close stands', closed, { type: 'close', code: 1006 }, closed],
] as const)('%s', (...[, from, event, to]) => {
  expect(nextSeatState(from, event)).toEqual(to);
});

test('unknown topics are dropped without a word', () => {
  expect(subscription).toMatchObject({ events: ['alerts'], latest: ['units'], since: 7 });
});

test('of a second only so many messages are let through', () => {
  const rate = new RateLimit(2);
  expect([0, 1, 2, 999, 1_000, 1_001].map((now) => rate.admits(now))).toEqual([true, true, false, false, true, true]);
});

test('a message is what the contract says or is refused', () => {
  const read = (value: unknown) => readClientMessage(Buffer.from(JSON.stringify(value)), false);
  expect(read({ type: 'subscribe', topics: ['alerts'], bbox: [105, 27, 106, 28], since: 3 }).ok).toBe(true);
  for (const wrong of [
    { type: 'subscribe', topics: 'alerts' },
    { type: 'subscribe', topics: [], since: -1 },
    { type: 'subscribe', topics: [], bbox: [0, 0, 0, 91] },
    { type: 'subscribe', topics: [], token: 'x' },
    { type: 'ping' },
    null,
  ]) {
    expect(read(wrong)).toMatchObject({ ok: false, code: 1008 });
  }
});

test('an assignment is told to its own unit wherever it leads, the health of the house to all, the rest by area', () => {
  const patrol = { id: 'p', name: '巡7', role: 'patrol', areas: ['west'], unit: 'xun7' } as const;
  const seat = { id: 's', name: '席1', role: 'seat', areas: 'all' } as const;
  const [own, other] = ['xun7', 'xun4'].map((unit) => ({ id: unit, unit, area: 'east' }));
  const told = (actor: Actor, topic: Topic, item = own) => isInView({ actor }, { topic, item: item ?? { id: '' } });
  expect([told(patrol, 'assignments'), told(patrol, 'assignments', other), told(seat, 'assignments')]).toEqual([
    ...[true, false, false],
  ]);
  expect([told(patrol, 'health'), told(patrol, 'units'), told(seat, 'units')]).toEqual([true, false, true]);
  // Frames are made once for all with the same key.
  expect(viewKey({ actor: patrol }, 'assignments')).not.toBe(viewKey({ actor: seat }, 'assignments'));
});

test('a part of the map may cross the antimeridian', () => {
  const view = { actor: { id: 'a', name: 'a', role: 'seat', areas: 'all' }, bbox: [170, -10, -170, 10] } as const;
  const at = (lon: number) =>
    isInView({ ...view, bbox: [...view.bbox] }, { topic: 'units', item: { id: 'u', position: { lat: 0, lon } } });
  expect([175, -175, 0].map(at)).toEqual([true, true, false]);
});
