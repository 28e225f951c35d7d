import { expect, test } from 'vitest';
import {
  type ChannelEvent,
  type ChannelState,
  channelHealth,
  nextChannelState,
} from '../../../src/dispatch/channels/channel-state.ts';

const cause = new Error('it answers HTTP 500');
const retryAt = new Date('2026-11-26T00:00:00Z');
const waiting: ChannelState = { phase: 'waiting', attempt: 2, retryAt, cause };
const failed: ChannelEvent = { type: 'failed', retryAt, cause };

test.each<[string, ChannelState, [ChannelEvent, ChannelState]]>([
  ['begins to tell', { phase: 'idle' }, [{ type: 'tell' }, { phase: 'telling', attempt: 0 }]],
  ['tries again and still counts', waiting, [{ type: 'tell' }, { phase: 'telling', attempt: 2 }]],
  ['counts what fails', { phase: 'telling', attempt: 2 }, [failed, { phase: 'waiting', attempt: 3, retryAt, cause }]],
  [
    'waits also when the log cannot be read',
    { phase: 'idle' },
    [failed, { phase: 'waiting', attempt: 1, retryAt, cause }],
  ],
  ['forgets what failed once it worked', { phase: 'telling', attempt: 3 }, [{ type: 'told' }, { phase: 'idle' }]],
  [
    'stops for good',
    { phase: 'telling', attempt: 0 },
    [
      { type: 'gone', cause },
      { phase: 'stopped', cause },
    ],
  ],
  ['stays stopped', { phase: 'stopped', cause }, [{ type: 'tell' }, { phase: 'stopped', cause }]],
  ['closes when it is stopped', { phase: 'stopped', cause }, [{ type: 'close' }, { phase: 'closed' }]],
  ['stays closed', { phase: 'closed' }, [{ type: 'tell' }, { phase: 'closed' }]],
])('a channel %s', (_, state, [event, next]) => {
  expect(nextChannelState(state, event)).toEqual(next);
});

test.each<[ChannelState, string]>([
  [{ phase: 'idle' }, 'ok'],
  [{ phase: 'telling', attempt: 0 }, 'ok'],
  [{ phase: 'telling', attempt: 4 }, 'waiting'],
  [waiting, 'waiting'],
  [{ phase: 'stopped', cause }, 'stopped'],
])('a channel that is %o is %s', (state, health) => {
  expect(channelHealth(state)).toBe(health);
});
