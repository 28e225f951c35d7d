import { expect, test } from 'vitest';
import type { AssignmentView } from '../../web/src/api/incident-shapes.ts';
import { askAfterMs } from '../../web/src/patrol/duty.ts';
import { dutyBounds, dutyWay } from '../../web/src/patrol/duty-way.ts';

const coordinates = [
  [105.27, 27.29],
  [105.3, 27.28],
  [105.29, 27.3],
];
const way = { etaSeconds: 190, distanceMeters: 2_800, by: 'road', route: { type: 'LineString', coordinates } } as const;
const from = { lat: 27.29, lon: 105.27 };
const duty = (more: Partial<AssignmentView> = {}): AssignmentView =>
  JSON.parse(
    JSON.stringify({ id: 'a', unit: 'xun7', state: 'accepted', position: { lat: 27.3, lon: 105.29 }, ...more }),
  );

test('the way along the road is drawn, straight where nobody knows one, and none once it is there', () => {
  expect(dutyWay(duty({ way }), from)).toMatchObject({ by: 'road', coordinates });
  expect(dutyWay(duty(), from)).toMatchObject({ by: 'straight', coordinates: [coordinates[0], coordinates[2]] });
  expect(dutyWay(duty(), undefined)).toBeUndefined();
  expect(dutyWay(duty({ way, state: 'arrived' }), from)).toBeUndefined();
});

test('the map frames the unit, its way and the place', () => {
  expect(dutyBounds(duty({ way }), from)).toEqual([105.27, 27.28, 105.3, 27.3]);
  expect(dutyBounds(duty(), from)).toEqual([105.27, 27.29, 105.29, 27.3]);
  expect(dutyBounds(duty(), undefined)).toBeUndefined();
});

test('who is told of changes asks for the way alone, and seldom; who is not told asks as before', () => {
  expect([undefined, 'accepted' as const].map((state) => askAfterMs(false, state))).toEqual([4_000, 4_000]);
  expect(askAfterMs(true, 'accepted')).toBeLessThan(askAfterMs(true, 'arrived'));
  expect(askAfterMs(true, undefined)).toBe(60_000);
});
