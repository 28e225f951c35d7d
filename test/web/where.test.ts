import { expect, test } from 'vitest';
import type { Alert } from '../../web/src/api/shapes.ts';
import { whereText } from '../../web/src/wall/where-text.ts';

const alert = { id: '1', kind: 'weather-warning', position: { lat: 27.3, lon: 105.29 } } as Alert;
const names = { placeOf: ({ stake }: Alert) => stake ?? '27.3000, 105.2900', areaName: (id: string) => `${id} area` };

test('an alert is named by its stake mark, off the road by its area, and by numbers when it has neither', () => {
  expect(whereText({ ...alert, stake: 'K1432+300', area: 'west' }, names)).toBe('K1432+300');
  expect(whereText({ ...alert, area: 'west' }, names)).toBe('west area');
  expect(whereText(alert, names)).toBe('27.3000, 105.2900');
});
