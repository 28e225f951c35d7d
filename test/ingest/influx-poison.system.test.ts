import { expect, test } from 'vitest';
import { poison, poisons } from './poisoned-influx.ts';

test.each(['InfluxDB 1.x', 'InfluxDB 2.x, its API'] as const)(
  'through poison the good points reach %s, each bad one is refused or buried with its reason (T05)',
  {
    timeout: 60_000,
  },
  async (behind) => {
    const seen = await poison({ behind, stations: 5, reportsPerSecond: 50, seconds: 4 });
    expect(seen.off).toBe(0);
    expect(seen.acknowledged).toBeGreaterThan(100);
    expect(seen.rounds).toBeGreaterThan(2);
    expect(seen.letters).toHaveLength(seen.expectedLetters);
    expect(seen.letters.filter(({ reason }) => /partial write: .*dropped=[1-9]/.test(reason))).toEqual(seen.letters);
    expect(seen.mostTries).toBeLessThanOrEqual(4);
    expect(seen.lettersMs.slowest).toBeLessThan(5_000);
    expect(seen.trouble).toBeUndefined();
    const times = (reason: string) => seen.rounds * poisons.filter(([, given]) => given === reason).length;
    expect(seen.refused).toEqual({
      'not-json': times('not-json'),
      'wrong-payload': times('wrong-payload'),
      'not-utf8': times('not-utf8'),
    });
    expect(seen.samples.length).toBeGreaterThan(0);
  },
);
