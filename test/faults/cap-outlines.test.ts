import { expect, test } from 'vitest';
import { readHostile } from '../alerts/cap/hostile-outlines.ts';

test.each(['around', 'flat'] as const)(
  '1 MiB of outlines %s a hundred winding areas keep nobody waiting',
  async (shape) => {
    const seen = await readHostile(shape, 256);
    console.log('a hostile weather warning', shape, seen);
    expect(seen.bytes).toBeGreaterThan(900_000);
    expect(seen.alerts).toBe(0);
    expect(seen.p99Ms).toBeLessThan(100);
  },
);
