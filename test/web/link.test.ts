import { expect, test } from 'vitest';
import { type Link, type LinkEvent, nextLink, outageMs, reconnectDelayMs } from '../../web/src/live/link.ts';
import { nextTile } from '../../web/src/player/tile-state.ts';

const after = (link: Link, ...events: LinkEvent[]) => events.reduce(nextLink, link);
const fresh: Link = { phase: 'connecting', attempt: 0, lostAt: 1_000 };
const lost = (at: number): LinkEvent => ({ type: 'lost', at, random: 1 });

test('delays double to fifteen seconds with the upper half random', () => {
  expect([0, 1, 2, 9].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([500, 1_000, 2_000, 15_000]);
  expect(reconnectDelayMs(3, 0)).toBe(2_000);
});

test('a connection that opens, is lost and returns starts counting again', () => {
  const open = after(fresh, { type: 'opened', at: 2_000 });
  expect(open).toEqual({ phase: 'open', since: 2_000 });
  expect(after(open, lost(9_000))).toEqual({ phase: 'waiting', attempt: 1, lostAt: 9_000, retryAt: 9_500 });
});

test('attempts in vain keep the time of the loss and wait longer', () => {
  const waiting = after(fresh, lost(1_500), { type: 'dial', at: 2_000 }, lost(2_100));
  expect(waiting).toEqual({ phase: 'waiting', attempt: 2, lostAt: 1_000, retryAt: 3_100 });
});

test('an outage is told after two seconds, never while the link is up', () => {
  const waiting = after({ phase: 'open', since: 0 }, lost(5_000));
  expect([outageMs(waiting, 6_999), outageMs(waiting, 7_000)]).toEqual([undefined, 2_000]);
  expect(outageMs({ phase: 'open', since: 0 }, 99_000)).toBeUndefined();
});

test('closed is final', () => {
  expect(after(fresh, { type: 'close' }, { type: 'opened', at: 1 })).toEqual({ phase: 'closed' });
});

test('a tile plays at its first frame, waits when lost, and shows stills for good where it cannot decode', () => {
  const opening = { phase: 'opening', attempt: 0 } as const;
  expect(nextTile(opening, { type: 'frame' })).toEqual({ phase: 'playing' });
  const waiting = nextTile(opening, { type: 'lost', at: 0, random: 1, cause: 'ended' });
  expect(waiting).toEqual({ phase: 'waiting', attempt: 1, retryAt: 1_000, cause: 'ended' });
  const stills = nextTile(opening, { type: 'unplayable' });
  expect(nextTile(stills, { type: 'lost', at: 0, random: 1, cause: '' })).toEqual({ phase: 'stills' });
  expect(nextTile(stills, { type: 'close' })).toEqual({ phase: 'closed' });
});
