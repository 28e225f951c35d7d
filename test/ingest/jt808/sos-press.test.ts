import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  neverPressed,
  nextPress,
  type Press,
  type PressReport,
  pressValue,
  restoredPress,
} from '../../../src/ingest/jt808/sos-press.ts';

/** Which press each report belongs to, the press named by when it began. */
function pressesOf(reports: readonly (readonly [at: number, emergency: boolean])[], from: Press = neverPressed) {
  let press = from;
  return reports.map(([at, emergency]) => {
    const step = nextPress(press, { at, emergency });
    press = step.press;
    return step.since;
  });
}

test.each<[string, [number, boolean][], (number | undefined)[]]>([
  [
    'a button nobody touches',
    [
      [1, false],
      [2, false],
    ],
    [undefined, undefined],
  ],
  [
    'a press is one until the bit was 0',
    [
      [1, true],
      [2, true],
      [3, false],
      [4, true],
      [5, true],
    ],
    [1, 1, undefined, 4, 4],
  ],
  [
    'a report sent twice',
    [
      [1, true],
      [1, true],
      [2, true],
    ],
    [1, 1, 1],
  ],
  [
    'a press handed in late, the button off by now',
    [
      [9, false],
      [3, true],
      [4, true],
      [5, false],
      [10, false],
    ],
    [undefined, 3, 3, undefined, undefined],
  ],
  [
    'two presses handed in late',
    [
      [9, false],
      [3, true],
      [4, false],
      [5, true],
    ],
    [undefined, 3, undefined, 5],
  ],
  [
    'a late 0 does not end the press that is on',
    [
      [5, true],
      [3, false],
      [6, true],
    ],
    [5, undefined, 5],
  ],
  [
    'a late 1 is part of the press that is on',
    [
      [5, true],
      [3, true],
      [6, true],
    ],
    [5, 5, 5],
  ],
  [
    'a report of the last press sent again after its end',
    [
      [1, true],
      [2, true],
      [3, false],
      [2, true],
    ],
    [1, 1, undefined, 1],
  ],
  [
    'the reports of the ride through a tunnel, in order',
    [
      [1, false],
      [2, true],
      [3, true],
      [4, true],
    ],
    [undefined, 2, 2, 2],
  ],
])('%s', (_, reports, presses) => {
  expect(pressesOf(reports)).toEqual(presses);
});

test('a press known from disk goes on for ten minutes; later it is another call', () => {
  const restored = restoredPress({ at: 100_000, value: 40 });
  expect(
    pressesOf(
      [
        [130_000, true],
        [9_000_000, true],
      ],
      restored,
    ),
  ).toEqual([60_000, 60_000]);
  expect(
    pressesOf(
      [
        [700_001, true],
        [700_002, true],
      ],
      restored,
    ),
  ).toEqual([700_001, 700_001]);
  expect(
    pressesOf(
      [
        [130_000, false],
        [140_000, true],
      ],
      restored,
    ),
  ).toEqual([undefined, 140_000]);
});

test('no report with the bit is without a press, in whatever order they come', () => {
  const report = fc.record({ at: fc.nat(50), emergency: fc.boolean() });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 60 }), (reports: readonly PressReport[]) => {
      let press = neverPressed;
      for (const one of reports) {
        const step = nextPress(press, one);
        expect(step.since !== undefined).toBe(one.emergency);
        press = step.press;
      }
    }),
  );
});

test('what is kept of a press says how long it has been on, and that it is over', () => {
  const kept: (number | undefined)[] = [];
  let press = neverPressed;
  for (const [seconds, emergency] of [
    [0, false],
    [10, true],
    [40, true],
    [20, true],
    [40, false],
    [50, false],
    [700, false],
  ] as const) {
    const step = nextPress(press, { at: seconds * 1_000, emergency });
    kept.push(pressValue(step, seconds * 1_000));
    press = step.press;
  }
  expect(kept).toEqual([undefined, 0, 30, undefined, -1, -1, undefined]);
  expect(restoredPress({ at: 50_000, value: -1 })).toEqual(neverPressed);
});
