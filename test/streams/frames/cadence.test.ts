import { expect, test } from 'vitest';
import { nextCadence, unknownCadence } from '../../../src/streams/frames/cadence.ts';
import type { ArrivedUnit } from '../../../src/streams/hub/stream-hub.ts';

const parameters = { sps: Buffer.alloc(0), pps: [] };

/** A picture of 40 ms of a group of so many; `shown` is where in the group it is shown. */
function arrived(
  index: number,
  { group, late = 0, shown = index }: { group: number; late?: number; shown?: number },
): ArrivedUnit {
  const key = index % group === 0;
  const timestamp = (4_294_900_000 + shown * 3_600) >>> 0;
  const unit = { codec: 'h264', key, nals: [], parameters, timestamp, afterLoss: false } as const;
  return { unit, at: new Date(1_000_000 + index * 40 + late) };
}

function keysOnly(pictures: readonly ArrivedUnit[], everyMs: number): boolean {
  return pictures.reduce((cadence, picture) => nextCadence(cadence, picture, everyMs), unknownCadence).keysOnly;
}

const stream = (group: number, shownAt = (index: number) => index) =>
  Array.from({ length: 200 }, (_, index) => arrived(index, { group, shown: shownAt(index) }));

test('key pictures as often as pictures are wanted are enough', () => {
  expect(keysOnly(stream(25), 1_000)).toBe(true);
  expect(keysOnly(stream(12), 1_000)).toBe(true);
});

test('with rarer key pictures all are needed, and until it is known how often they come', () => {
  expect(keysOnly(stream(50), 1_000)).toBe(false);
  expect(keysOnly(stream(25), 500)).toBe(false);
  expect(keysOnly(stream(25).slice(0, 60), 1_000)).toBe(false);
});

test('one key picture that is late by half a second makes all be needed', () => {
  const pictures = [...stream(25).slice(0, 175), arrived(175, { group: 25, late: 500 })];
  expect(keysOnly(pictures, 1_000)).toBe(false);
});

test('pictures that are shown in another order than they come are all needed', () => {
  const swapped = (index: number) => (index % 25 === 1 ? index + 1 : index % 25 === 2 ? index - 1 : index);
  expect(keysOnly(stream(25, swapped), 1_000)).toBe(false);
});
