import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sunElevation, sunriseElevation } from '../../src/gis/sun.ts';

const beijing = { lat: 39.9, lon: 116.4 };

/** Sunrise and sunset as almanacs print them, to the minute. */
test.each([
  { name: 'sunrise in Beijing on the longest day', at: '2024-06-21T04:46:00+08:00', place: beijing, elevation: -0.833 },
  { name: 'sunset in Beijing on the longest day', at: '2024-06-21T19:46:30+08:00', place: beijing, elevation: -0.833 },
  {
    name: 'sunrise in Beijing on the shortest day',
    at: '2024-12-21T07:32:30+08:00',
    place: beijing,
    elevation: -0.833,
  },
  { name: 'the sun over the tropic at noon', at: '2024-06-21T12:02:00Z', place: { lat: 23.44, lon: 0 }, elevation: 90 },
  { name: 'midnight sun', at: '2024-06-21T00:00:00Z', place: { lat: 70, lon: 0 }, elevation: 3.4 },
  { name: 'noon at the equator at the equinox', at: '2024-03-20T12:07:30Z', place: { lat: 0, lon: 0 }, elevation: 90 },
])('$name', ({ at, place, elevation }) => {
  expect(Math.abs(sunElevation(new Date(at), place) - elevation)).toBeLessThan(0.4);
});

test('everywhere outside the polar circles the sun is up once a day and down once a day', () => {
  const place = fc.record({
    lat: fc.double({ min: -65, max: 65, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(place, day, (where, from) => {
      const minutes = Array.from({ length: 288 }, (_, index) => new Date(from.getTime() + index * 300_000));
      const isUp = minutes.map((at) => sunElevation(at, where) > sunriseElevation);
      const turns = isUp.filter((up, index) => index > 0 && up !== isUp[index - 1]).length;
      expect(turns).toBeGreaterThanOrEqual(1);
      expect(turns).toBeLessThanOrEqual(2);
    }),
    { numRuns: 50 },
  );
});
