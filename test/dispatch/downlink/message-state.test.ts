import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen, nextMessage } from '../../../src/dispatch/downlink/message-state.ts';
import type { ReceiptState } from '../../../src/dispatch/downlink/receipt.ts';
import { type MessageStateName, messageStates, type UnitMessage } from '../../../src/dispatch/downlink/unit-message.ts';

const start = Date.parse('2026-11-21T02:47:00Z');
const later = (seconds: number) => new Date(start + seconds * 1_000);

const queued: UnitMessage = {
  id: 'm1',
  version: 1,
  unit: 'xun7',
  state: 'queued',
  title: '前往 K1432+300',
  by: '席1',
  at: later(0).toISOString(),
  expiresAt: later(900).toISOString(),
  tries: 0,
  times: { queued: later(0).toISOString() },
};
const inState = (state: MessageStateName): UnitMessage => ({
  ...queued,
  state,
  times: { ...queued.times, [state]: 'x' },
});
const receipts: readonly ReceiptState[] = ['delivered', 'read', 'accepted', 'declined', 'arrived', 'completed'];

/** Rows: from; columns: the receipt. `=` is no change, `t` a time filled in, else the new state. */
const answers: Readonly<Record<MessageStateName, readonly string[]>> = {
  queued: receipts,
  sent: receipts,
  delivered: ['=', 'read', 'accepted', 'declined', 'arrived', 'completed'],
  read: ['t', '=', 'accepted', 'declined', 'arrived', 'completed'],
  accepted: ['t', 't', '=', '=', 'arrived', 'completed'],
  declined: ['t', 't', '=', '=', '=', '='],
  arrived: ['t', 't', 't', '=', '=', 'completed'],
  completed: ['t', 't', 't', '=', 't', '='],
  expired: ['=', '=', '=', '=', '=', '='],
};
const cases = messageStates.flatMap((from) =>
  receipts.map((state, column) => [from, state, answers[from][column] ?? ''] as const),
);

test.each(cases)('%s and a receipt %s: %s', (from, state, outcome) => {
  const message = inState(from);
  const next = nextMessage(message, { type: 'receipt', state, at: later(5) });
  if (outcome === '=') return expect(next).toBe(message);
  expect(next.state).toBe(outcome === 't' ? from : outcome);
  expect(next.times[state]).toBe(later(5).toISOString());
  expect(next.version).toBe(message.version + 1);
});

test.each<[MessageStateName, MessageStateName]>([
  ['queued', 'expired'],
  ['sent', 'expired'],
  ['delivered', 'expired'],
  ['read', 'read'],
  ['accepted', 'accepted'],
  ['declined', 'declined'],
  ['arrived', 'arrived'],
  ['completed', 'completed'],
  ['expired', 'expired'],
])('%s is %s at its deadline, and as it was before', (from, to) => {
  const message = inState(from);
  expect(nextMessage(message, { type: 'clock', now: later(899) })).toBe(message);
  const next = nextMessage(message, { type: 'clock', now: later(5_000) });
  expect(next.state).toBe(to);
  if (from !== to) expect(next.times.expired).toBe(message.expiresAt);
});

test('a message is handed over again and again and stays what it is', () => {
  const once = nextMessage(queued, { type: 'sent', at: later(1) });
  expect(once).toMatchObject({ state: 'sent', tries: 1, version: 2, times: { sent: later(1).toISOString() } });
  const twice = nextMessage(once, { type: 'sent', at: later(31) });
  expect(twice).toMatchObject({ state: 'sent', tries: 2, version: 3, times: { sent: later(1).toISOString() } });
  expect(twice.sentAt).toBe(later(31).toISOString());
  const answered = nextMessage(queued, { type: 'receipt', state: 'delivered', at: later(1) });
  expect(nextMessage(answered, { type: 'sent', at: later(2) })).toMatchObject({ state: 'delivered', tries: 1 });
  const over = inState('expired');
  expect(nextMessage(over, { type: 'sent', at: later(2) })).toBe(over);
});

test('in whatever order receipts come, and however often, a message never goes back and ends as far as it got', () => {
  const order = { queued: 0, sent: 1, delivered: 2, read: 3, accepted: 4, declined: 4, arrived: 5, completed: 6 };
  const rank = ({ state }: UnitMessage) => (state === 'expired' ? Number.NaN : order[state]);
  const climbing = fc.constantFrom<ReceiptState>('delivered', 'read', 'accepted', 'arrived', 'completed');
  fc.assert(
    fc.property(fc.array(climbing, { minLength: 1, maxLength: 12 }), (states) => {
      const seen = [queued];
      for (const [index, state] of states.entries())
        seen.push(nextMessage(seen.at(-1) ?? queued, { type: 'receipt', state, at: later(index) }));
      const ranks = seen.map(rank);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(ranks.at(-1)).toBe(Math.max(...states.map((state) => order[state])));
      const versions = seen.map(({ version }) => version);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(isOpen(seen.at(-1) ?? queued)).toBe(states.every((state) => state === 'delivered'));
    }),
  );
});
