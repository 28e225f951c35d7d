import fc from 'fast-check';
import { expect, test } from 'vitest';
import { receiptStates } from '../../../src/dispatch/downlink/receipt.ts';
import type { Assignment } from '../../../src/dispatch/incidents/assignment.ts';
import { isOpen, nextAssignment, receipted, stepNames } from '../../../src/dispatch/incidents/assignment-state.ts';
import { AssignmentMoveError } from '../../../src/dispatch/incidents/incident-errors.ts';
import { manhole, openLoop, patrol, seat } from './incident-fixtures.ts';

const at = '2026-11-26T07:19:00.000Z';
const sent: Assignment = {
  ...{ id: 'a1', unit: 'xun7', state: 'dispatched', by: '席1', at, acceptBy: at },
  times: { dispatched: at },
};
const ranks = { dispatched: 0, accepted: 1, arrived: 2, completed: 3, declined: 3, recalled: 3 } as const;

/** What the terminal says, and what is pressed on the patrol page, as it happens to come in. */
const anyWord = fc.oneof(
  fc.record({ by: fc.constant('terminal' as const), state: fc.constantFrom(...receiptStates) }),
  fc.record({ by: fc.constant('page' as const), step: fc.constantFrom(...stepNames) }),
);
type Word = typeof anyWord extends fc.Arbitrary<infer T> ? T : never;

function heard(assignment: Assignment, word: Word): Assignment {
  if (word.by === 'terminal') return receipted(assignment, { state: word.state, at });
  try {
    return nextAssignment(assignment, { type: word.step, at });
  } catch (error) {
    // The page is told that it is too late, and nothing changes.
    expect(error).toBeInstanceOf(AssignmentMoveError);
    return assignment;
  }
}

test('in whatever order words come, twice or late, an assignment only goes on, and what has ended stays', () => {
  fc.assert(
    fc.property(fc.array(anyWord, { maxLength: 12 }), (words) => {
      words.reduce((before, word) => {
        const after = heard(before, word);
        expect(ranks[after.state]).toBeGreaterThanOrEqual(ranks[before.state]);
        if (!isOpen(before)) expect(after).toBe(before);
        // Said again, it is the very same.
        expect(heard(after, word)).toBe(after);
        for (const [moment, time] of Object.entries(before.times)) expect(after.times).toHaveProperty(moment, time);
        return after;
      }, sent);
    }),
  );
});

test('whatever the order, an arrival or an end that a terminal has said stands in the end', () => {
  const anyOrder = fc.shuffledSubarray(['delivered', 'read', 'accepted', 'arrived', 'completed'] as const, {
    minLength: 5,
  });
  fc.assert(
    fc.property(anyOrder, (states) => {
      const last = states.reduce((now, state) => receipted(now, { state, at }), sent);
      expect(last).toMatchObject({ state: 'completed', times: { arrived: at, completed: at } });
    }),
  );
});

test('the page and the terminal say the same of one assignment, both count once', async () => {
  await using loop = await openLoop();
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  const { assignments } = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  const assignment = assignments[0]?.id ?? '';
  const terminal = (state: 'accepted' | 'arrived' | 'delivered') =>
    loop.dispatcher.receipt({ device: 'xun7', assignment, state, at: new Date() });
  await Promise.all([terminal('arrived'), terminal('arrived'), terminal('delivered')]);
  await loop.dispatcher.answer(assignment, { type: 'arrive' }, { actor: patrol });
  await terminal('accepted');
  const incident = await loop.book.get(id);
  expect(incident).toMatchObject({ state: 'on_scene', assignments: [{ state: 'arrived' }] });
  await loop.dispatcher.answer(assignment, { type: 'complete', text: '已处置' }, { actor: patrol });
  await terminal('arrived');
  expect(await loop.book.get(id)).toMatchObject({ state: 'handled', version: incident.version + 1 });
});
