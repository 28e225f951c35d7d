import { expect, test } from 'vitest';
import { type AlertMove, type AlertState, nextState } from '../../src/alerts/alert-state.ts';

const ann = { id: 'a', name: '席1', at: '2026-01-01T00:00:00.000Z' };
const bob = { id: 'b', name: '席2', at: '2026-01-01T00:00:05.000Z' };

const raised: AlertState = { state: 'raised' };
const held: AlertState = { state: 'acknowledged', acknowledgedBy: ann };
const confirmed: AlertState = { state: 'confirmed', closedBy: ann };
const dismissed: AlertState = { state: 'dismissed', closedBy: ann, dismissReason: '阴影' };

const acknowledge = (by = ann): AlertMove => ({ type: 'acknowledge', by });
const release = (by = ann): AlertMove => ({ type: 'release', by });
const confirm = (by = ann): AlertMove => ({ type: 'confirm', by });
const dismiss = (by = ann): AlertMove => ({ type: 'dismiss', by, reason: '阴影' });

const moves: [string, AlertState, AlertMove, AlertState][] = [
  ['a raised alert is taken', raised, acknowledge(), held],
  ['a raised alert is confirmed at once', raised, confirm(), confirmed],
  ['a raised alert is dismissed at once', raised, dismiss(), dismissed],
  ['a held alert is given back', held, release(), raised],
  ['a held alert is given back by a colleague', held, release(bob), raised],
  [
    'who confirms a held alert leaves its holder named',
    held,
    confirm(bob),
    { ...confirmed, closedBy: bob, acknowledgedBy: ann },
  ],
  [
    'who dismisses a held alert leaves its holder named',
    held,
    dismiss(bob),
    { ...dismissed, closedBy: bob, acknowledgedBy: ann },
  ],
];

const soon = { ...ann, at: '2026-01-01T00:00:10.000Z' };
const late = { ...ann, at: '2026-01-01T00:02:00.000Z' };
moves.push(
  ['who dismissed it a moment ago takes that back', dismissed, release(soon), raised],
  ['who confirmed it a moment ago takes that back', confirmed, release(soon), raised],
  [
    'what was held before is held again',
    { ...dismissed, acknowledgedBy: bob },
    release(soon),
    { ...held, acknowledgedBy: bob },
  ],
);

test.each(moves)('%s', (...[, from, move, to]) => {
  expect(nextState(from, move)).toEqual(to);
});

const repeats: [string, AlertState, AlertMove][] = [
  ['taking what one holds', held, acknowledge({ ...ann, at: bob.at })],
  ['releasing what nobody holds', raised, release()],
  ['confirming what one confirmed', confirmed, confirm({ ...ann, at: bob.at })],
  ['dismissing what one dismissed', dismissed, dismiss({ ...ann, at: bob.at })],
];

test.each(repeats)('%s again changes nothing', (_title, state, move) => {
  expect(nextState(state, move)).toBe(state);
});

const refusals: [string, AlertState, AlertMove][] = [
  ['taking what another holds', held, acknowledge(bob)],
  ['taking what is confirmed', confirmed, acknowledge()],
  ['taking what is dismissed', dismissed, acknowledge()],
  ['releasing what was confirmed long ago', confirmed, release(late)],
  ['releasing what another dismissed', dismissed, release(bob)],
  ['confirming what is dismissed', dismissed, confirm()],
  ['dismissing what is confirmed', confirmed, dismiss()],
  ['confirming what another confirmed', confirmed, confirm(bob)],
  ['dismissing what another dismissed', dismissed, dismiss(bob)],
];

test.each(refusals)('%s is refused with the facts', (_title, state, move) => {
  expect(() => nextState(state, move)).toThrow(
    expect.objectContaining({
      code: 'ALERT_MOVE_REFUSED',
      statusCode: 409,
      state: state.state,
      move: move.type,
      by: ann,
    }),
  );
});
