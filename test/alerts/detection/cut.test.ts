import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutOf, cutsOf, inPicture, mostRegions, wholeOf } from '../../../src/alerts/detection/cut.ts';

const frame = { width: 1280, height: 720 };

test.each([
  { name: 'in the middle', region: { x: 0.4, y: 0.4, width: 0.1, height: 0.2 }, cut: [504, 288, 144, 144] },
  {
    name: 'at a corner, moved into the picture',
    region: { x: 0, y: 0, width: 0.1, height: 0.1 },
    cut: [0, 0, 128, 128],
  },
  { name: 'tiny, with context', region: { x: 0.5, y: 0.5, width: 0.001, height: 0.001 }, cut: [609, 328, 64, 64] },
  { name: 'wider than the picture is high', region: { x: 0, y: 0.4, width: 0.8, height: 0.2 }, cut: [0, 0, 1024, 720] },
])('a region $name is cut as a square of pixels', ({ region, cut: [left, top, width, height] }) => {
  expect(cutOf(region, frame)).toEqual({ left, top, width, height });
});

test('without a region that can be looked at, or with too many, the whole picture is', () => {
  const whole = [wholeOf(frame)];
  const small = { x: 0.1, y: 0.1, width: 0.1, height: 0.1 };
  expect(cutsOf([], frame)).toEqual(whole);
  expect(
    cutsOf(
      [
        { ...small, x: Number.NaN },
        { ...small, width: 0 },
        { ...small, x: 1.5 },
      ],
      frame,
    ),
  ).toEqual(whole);
  expect(cutsOf(Array(mostRegions + 1).fill(small), frame)).toEqual(whole);
  expect(cutsOf(Array(mostRegions).fill(small), frame)).toHaveLength(mostRegions);
});

test('every cut lies in its picture, and a box of it lies where it was cut', () => {
  const share = fc.double({ min: 0.001, max: 1, noNaN: true });
  const sizes = fc.record({ width: fc.integer({ min: 1, max: 4_000 }), height: fc.integer({ min: 1, max: 4_000 }) });
  fc.assert(
    fc.property(fc.record({ x: share, y: share, width: share, height: share }), sizes, (region, size) => {
      const cut = cutOf(region, size);
      const inside = cut.left >= 0 && cut.top >= 0 && cut.width >= 1 && cut.height >= 1;
      const box = inPicture({ x: 0, y: 0, width: 1, height: 1 }, cut, size);
      return inside && box.x + box.width <= 1.000001 && box.y + box.height <= 1.000001;
    }),
    { numRuns: 200 },
  );
});
