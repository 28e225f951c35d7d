import { expect, test } from 'vitest';
import { cutOf, wholeOf } from '../../../src/alerts/detection/cut.ts';
import { joinLooks } from '../../../src/alerts/detection/join-looks.ts';
import type { UnitBox } from '../../../src/alerts/detection/model.ts';

const frame = { width: 1000, height: 1000 };
const left = { left: 0, top: 0, width: 500, height: 500 };
const right = { left: 300, top: 0, width: 500, height: 500 };

const seen = (x: number, width: number, more: { readonly score?: number; readonly label?: string } = {}) => ({
  ...{ label: 'person', score: 0.8, box: { x, y: 0.3, width, height: 0.4 } },
  ...more,
});

const rounded = ({ x, y, width, height }: UnitBox) =>
  [x, y, width, height].map((value) => Math.round(value * 1e6) / 1e6);

test('what two looks see is one thing, by the surer look, where it is in the picture', () => {
  const { sightings, halves } = joinLooks(
    [
      { cut: left, sightings: [seen(0.7, 0.2)] },
      { cut: right, sightings: [seen(0.1, 0.2, { score: 0.9 })] },
    ],
    frame,
  );
  expect(sightings.map(({ score, box }) => [score, rounded(box)])).toEqual([[0.9, [0.35, 0.15, 0.1, 0.2]]]);
  expect(halves).toEqual([]);
});

test('two that stand close in one look are two', () => {
  const { sightings } = joinLooks([{ cut: left, sightings: [seen(0.3, 0.2), seen(0.32, 0.2)] }], frame);
  expect(sightings).toHaveLength(2);
});

test('a car that the other look calls a truck is one vehicle, a person before it is another thing', () => {
  const { sightings } = joinLooks(
    [
      { cut: left, sightings: [seen(0.7, 0.2, { label: 'car' }), seen(0.7, 0.2)] },
      { cut: right, sightings: [seen(0.1, 0.2, { label: 'truck', score: 0.7 })] },
    ],
    frame,
  );
  expect(sightings.map(({ label }) => label).toSorted()).toEqual(['car', 'person']);
});

test('half a thing at the inner edge of a look is no thing when another look shows all of it', () => {
  const half = seen(0.9, 0.1, { score: 0.95 });
  const whole = seen(0.3, 0.2, { score: 0.5 });
  const { sightings, halves } = joinLooks(
    [
      { cut: left, sightings: [half] },
      { cut: right, sightings: [whole] },
    ],
    frame,
  );
  expect(sightings.map(({ box }) => rounded(box))).toEqual([[0.45, 0.15, 0.1, 0.2]]);
  expect(halves).toEqual([]);
});

test('half a thing that no look shows whole is told apart, with where all of it should be', () => {
  const { sightings, halves } = joinLooks([{ cut: left, sightings: [seen(0.9, 0.1)] }], frame);
  expect(sightings).toEqual([]);
  expect(halves).toHaveLength(1);
  const [half] = halves;
  expect(half && cutOf(half.region, frame)).toEqual({ left: 0, top: 0, width: 1000, height: 1000 });
});

test('a thing at the edge of the picture itself is whole', () => {
  const { sightings } = joinLooks([{ cut: wholeOf(frame), sightings: [seen(0, 0.1), seen(0.9, 0.1)] }], frame);
  expect(sightings).toHaveLength(2);
});
