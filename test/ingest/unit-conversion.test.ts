import { expect, test } from 'vitest';
import { conversion, convert, isUnit, unitNames } from '../../src/ingest/unit-conversion.ts';

test.each([
  [0.18, 'km', 'm', 180],
  [1_000, 'ft', 'm', 304.8],
  [62.6, '°F', '°C', 17],
  [-40, '°F', '°C', -40],
  [0, 'K', '°C', -273.15],
  [36, 'km/h', 'm/s', 10],
  [36, 'kn', 'm/s', 18.52],
  [10, 'mph', 'm/s', 4.4704],
  [1_013.25, 'hPa', 'Pa', 101_325],
  [1_013.25, 'mbar', 'Pa', 101_325],
  [29.92, 'inHg', 'Pa', 101_320.75888],
  [0.5, 'in/h', 'mm/h', 12.7],
  [2, 'cm', 'mm', 20],
  [0.8, 'ratio', '%', 80],
  [7, 'm', 'm', 7],
  [3, 'C', '°C', 3],
  [36, 'kph', 'm/s', 10],
])('%f %s is in %s %f', (value, ...[from, to, expected]) => {
  const found = conversion(from, to);
  expect(found && convert(value, found)).toBe(expected);
});

test.each([
  ['km', 's'],
  ['furlong', 'm'],
  ['km', '°C'],
  ['constructor', 'm'],
  ['', 'm'],
  ['m', ''],
])('%s cannot become %s', (from, to) => {
  expect(conversion(from, to)).toBeUndefined();
});

test('every unit that is named is one, there and back', () => {
  for (const name of unitNames) {
    expect(isUnit(name)).toBe(true);
    expect(conversion(name, name)).toEqual({ factor: 1, offset: 0 });
  }
});
