import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrivalHeap } from '../../../src/gis/travel/arrival-heap.ts';

test('whatever goes in comes out by its time', () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 200 });
  fc.assert(
    fc.property(times, (seconds) => {
      const heap = new ArrivalHeap(seconds.length);
      for (const [node, each] of seconds.entries()) heap.push(node, each);
      const out = Array.from({ length: heap.size }, () => heap.pop());
      expect(out.toSorted((a, b) => a - b)).toEqual(seconds.map((_, node) => node));
      expect(out.map((node) => seconds[node])).toEqual(seconds.toSorted((a, b) => a - b));
      expect(heap.pop()).toBe(-1);
    }),
  );
});
