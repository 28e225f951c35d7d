import { expect, test } from 'vitest';
import { nextState, type RelayEvent, type RelayState } from '../../src/streams/camera/relay-state.ts';

const since = new Date(0);
const at = new Date(1_000);
const retryAt = new Date(5_000);
const why = { cause: 'no_packets', message: 'nothing comes' } as const;

const states = {
  idle: { phase: 'idle', since },
  connecting: { phase: 'connecting', since, attempt: 3 },
  live: { phase: 'live', since, attempt: 3 },
  stale: { phase: 'stale', since, attempt: 3, ...why },
  waiting: { phase: 'waiting', since, attempt: 3, ...why, retryAt },
  awaiting: { phase: 'waiting', since, attempt: 3, ...why },
  closed: { phase: 'closed', since },
} as const satisfies Record<string, RelayState>;

const events = {
  dial: { type: 'dial', at, attempt: 4 },
  picture: { type: 'picture', at },
  fresh: { type: 'fresh', at },
  stale: { type: 'stale', at, ...why },
  await: { type: 'await', at, ...why },
  failed: { type: 'failed', at, ...why, retryAt },
  rest: { type: 'rest', at },
  close: { type: 'close', at },
} as const satisfies Record<string, RelayEvent>;

/** What each event makes of each state; `=` leaves the very same object. */
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  idle: {
    dial: 'connecting',
    picture: '=',
    fresh: '=',
    stale: '=',
    await: '=',
    failed: '=',
    rest: '=',
    close: 'closed',
  },
  connecting: {
    dial: 'connecting',
    picture: 'live',
    fresh: '=',
    stale: '=',
    await: 'waiting',
    failed: 'waiting',
    rest: 'idle',
    close: 'closed',
  },
  live: {
    dial: 'connecting',
    picture: '=',
    fresh: '=',
    stale: 'stale',
    await: '=',
    failed: 'waiting',
    rest: 'idle',
    close: 'closed',
  },
  stale: {
    dial: 'connecting',
    picture: '=',
    fresh: 'live',
    stale: '=',
    await: '=',
    failed: 'waiting',
    rest: 'idle',
    close: 'closed',
  },
  waiting: {
    dial: 'connecting',
    picture: '=',
    fresh: '=',
    stale: '=',
    await: '=',
    failed: 'waiting',
    rest: 'idle',
    close: 'closed',
  },
  awaiting: {
    dial: 'connecting',
    picture: 'live',
    fresh: '=',
    stale: '=',
    await: '=',
    failed: 'waiting',
    rest: 'idle',
    close: 'closed',
  },
  closed: { dial: '=', picture: '=', fresh: '=', stale: '=', await: '=', failed: '=', rest: '=', close: '=' },
};

const cases = Object.entries(table).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => [state, event, expected] as const),
);

test.each(cases)('%s, on %s: %s', (from, on, expected) => {
  const state: RelayState = states[from as keyof typeof states];
  const next = nextState(state, events[on as keyof typeof events]);
  if (expected === '=') expect(next).toBe(state);
  else expect(next).toMatchObject({ phase: expected, since: at });
});

test('the attempt and the cause are carried along', () => {
  expect(nextState(states.live, events.failed)).toEqual({ ...states.waiting, since: at });
  expect(nextState(states.stale, { ...events.stale, cause: 'frozen' })).toMatchObject({ cause: 'frozen', attempt: 3 });
});
