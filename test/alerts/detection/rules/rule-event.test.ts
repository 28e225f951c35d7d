import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextEvent, type Offence, type RuleEvent } from '../../../../src/alerts/detection/rules/rule-event.ts';

const track = { id: 1, label: 'car', box: { x: 0, y: 0, width: 1, height: 1 }, score: 1, firstAt: 0, lastAt: 0 };
const offence: Offence = { track, tracks: [track], dwellMs: 0, reasons: [] };
const policy = { clearMs: 2_000, cooldownMs: 5_000 };

/** `!` an offence, `o` occupied by somebody who is no reason, `.` nothing; one a second. */
function story(pictures: string): string {
  let event: RuleEvent = {};
  return [...pictures]
    .map((picture, second) => {
      const finding = {
        at: second * 1_000,
        offence: picture === '!' ? offence : undefined,
        isOccupied: picture !== '.',
      };
      const step = nextEvent(event, finding, policy);
      event = step.event;
      return { quiet: '.', begin: 'b', continue: 'c', end: 'e' }[step.verdict.type];
    })
    .join('');
}

test.each([
  { name: 'it begins, goes on and ends when nothing was there for long enough', seen: '.!!...', told: '.bc.e.' },
  { name: 'who is no reason keeps it open', seen: '!oo.oo.', told: 'b......' },
  { name: 'who is no reason begins nothing', seen: 'oooo', told: '....' },
  { name: 'none begins anew within the cooldown, one that lasts beyond it does', seen: '!..!!!!', told: 'b.e..bc' },
  { name: 'a short gap is the same event', seen: '!.!.!', told: 'b.c.c' },
])('$name', ({ seen, told }) => {
  expect(story(seen)).toBe(told);
});

test('every event that ends has begun, and none begins twice', () => {
  const seen = fc.string({ unit: fc.constantFrom('!', 'o', '.'), maxLength: 60 });
  fc.assert(
    fc.property(seen, (pictures) => {
      expect(story(pictures)).toMatch(/^\.*(?:b[.c]*e\.*)*(?:b[.c]*)?$/);
    }),
  );
});
