import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distanceMeters } from '../../src/gis/distance.ts';
import { MovingIndex } from '../../src/gis/moving-index.ts';

const point = fc.record({
  lat: fc.double({ min: 26, max: 28, noNaN: true }),
  lon: fc.double({ min: 104, max: 107, noNaN: true }),
});

test('the nearest are those that measuring everyone finds', () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), point, fc.integer({ min: 1, max: 8 }), (units, to, count) => {
      const index = new MovingIndex();
      for (const [i, at] of units.entries()) index.update(`u${i}`, at);
      const measured = units.map((at) => distanceMeters(to, at)).sort((a, b) => a - b);
      expect(index.nearest(to, count).map((near) => near.distanceMeters)).toEqual(measured.slice(0, count));
    }),
  );
});

test('a unit is only where it went last', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (path) => {
      const index = new MovingIndex();
      for (const at of path) index.update('xun7', at);
      const last = path.at(-1) ?? { lat: 0, lon: 0 };
      expect(index.size).toBe(1);
      expect(index.nearest(last, 5)).toEqual([{ id: 'xun7', point: last, distanceMeters: 0 }]);
    }),
  );
});

test('only accepted units are proposed, however far they are', () => {
  const index = new MovingIndex();
  index.update('near', { lat: 27.3, lon: 105.3 });
  index.update('far', { lat: 40, lon: 116 });
  expect(index.nearest({ lat: 27.3, lon: 105.29 }, 1, (id) => id === 'far')).toMatchObject([{ id: 'far' }]);
});

test('a box holds those inside it, and a removed unit is nowhere', () => {
  const index = new MovingIndex();
  index.update('a', { lat: 27.3, lon: 105.3 });
  index.update('b', { lat: 27.5, lon: 105.3 });
  expect(index.within({ west: 105, south: 27, east: 106, north: 27.4 })).toEqual(['a']);
  index.remove('a');
  index.remove('a');
  expect(index.within({ west: 105, south: 27, east: 106, north: 28 })).toEqual(['b']);
  expect(index.get('a')).toBeUndefined();
});

test('1 436 moving units answer ten thousand questions in well under a second', () => {
  const index = new MovingIndex();
  const at = (i: number) => ({ lat: 27 + ((i * 37) % 1_000) / 1_000, lon: 105 + ((i * 91) % 1_000) / 1_000 });
  const before = process.cpuUsage();
  for (let round = 0; round < 10; round += 1) {
    for (let unit = 0; unit < 1_436; unit += 1) index.update(`u${unit}`, at(unit + round));
  }
  for (let i = 0; i < 1_000; i += 1) expect(index.nearest(at(i), 3)).toHaveLength(3);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

test('those around are all within so many metres, nearest first, whatever the cells', () => {
  const cells = fc.constantFrom(0.001, 0.02);
  fc.assert(
    fc.property(fc.array(point, { maxLength: 60 }), fc.nat(120), cells, (units, steps, cellDegrees) => {
      const [to = { lat: 27, lon: 105 }] = units;
      const index = new MovingIndex(cellDegrees);
      const close = units.flatMap((at, i) => [
        at,
        { lat: to.lat + (i * steps) / 1e5, lon: to.lon - (i * steps) / 1e5 },
      ]);
      for (const [i, at] of close.entries()) index.update(`u${i}`, at);
      const measured = close.map((at) => distanceMeters(to, at)).filter((meters) => meters <= 80);
      expect(index.around(to, 80).map((near) => near.distanceMeters)).toEqual(measured.sort((a, b) => a - b));
    }),
  );
});
