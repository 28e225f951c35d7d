import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regionsAround } from '../../../../src/alerts/detection/gate/look-regions.ts';
import type { UnitBox } from '../../../../src/alerts/detection/model.ts';

const policy = { aspect: 16 / 9, most: 2 };
const holds = (region: UnitBox, box: UnitBox) =>
  region.x <= box.x + 1e-9 &&
  region.y <= box.y + 1e-9 &&
  region.x + region.width >= box.x + box.width - 1e-9 &&
  region.y + region.height >= box.y + box.height - 1e-9;

const share = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);
const box = fc
  .record({ x: share, y: share, width: fc.constantFrom(0.01, 0.05, 0.3), height: fc.constantFrom(0.02, 0.1, 0.6) })
  .map(({ x, y, width, height }) => ({ x: Math.min(x, 1 - width), y: Math.min(y, 1 - height), width, height }));
const aspects = fc.constantFrom(16 / 9, 4 / 3, 1, 9 / 16);

test('every box lies whole in a region that is square, in the picture and not too small, or all of it is looked at', () => {
  fc.assert(
    fc.property(
      fc.array(box, { minLength: 1, maxLength: 8 }),
      aspects,
      fc.integer({ min: 1, max: 4 }),
      (boxes, aspect, most) => {
        const regions = regionsAround(boxes, { aspect, most });
        if (!regions) return;
        expect(regions.length).toBeLessThanOrEqual(most);
        expect(boxes.every((each) => regions.some((region) => holds(region, each)))).toBe(true);
        for (const region of regions) {
          expect(region.width * aspect).toBeCloseTo(region.height, 9);
          expect(holds({ x: 0, y: 0, width: 1, height: 1 }, region)).toBe(true);
          expect(region.height).toBeGreaterThanOrEqual(Math.min(0.4, aspect) - 1e-9);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a far pedestrian is looked at in two fifths of the height of the picture, with the road around them', () => {
  const regions = regionsAround([{ x: 0.7, y: 0.5, width: 0.01, height: 0.04 }], policy);
  expect(regions).toEqual([
    {
      x: expect.closeTo(0.5925, 4),
      y: expect.closeTo(0.32, 3),
      width: expect.closeTo(0.225, 3),
      height: expect.closeTo(0.4, 3),
    },
  ]);
});

test('two that are near share a region, two that are far have their own, and more than there may be regions need all of it', () => {
  const at = (x: number, y: number) => ({ x, y, width: 0.02, height: 0.05 });
  expect(regionsAround([at(0.1, 0.2), at(0.15, 0.25)], policy)).toHaveLength(1);
  expect(regionsAround([at(0.1, 0.2), at(0.8, 0.7)], policy)).toHaveLength(2);
  expect(regionsAround([at(0.1, 0.2), at(0.8, 0.7)], { ...policy, most: 1 })).toBeUndefined();
});

test('what no square of the picture holds is looked at in all of it', () => {
  expect(regionsAround([{ x: 0.1, y: 0.3, width: 0.8, height: 0.3 }], policy)).toBeUndefined();
  expect(regionsAround([{ x: 0.4, y: 0, width: 0.2, height: 1 }], policy)).toBeUndefined();
});
