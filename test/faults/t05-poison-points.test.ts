import { expect, test } from 'vitest';
import { poison, poisons } from '../ingest/poisoned-influx.ts';

test.each(['InfluxDB 1.x', 'InfluxDB 2.x, its API'] as const)(
  'T05: poison among 2,000 points a second for %s',
  async (behind) => {
    const seen = await poison({ behind, stations: 50, reportsPerSecond: 500, seconds: 50 });
    const { letters, samples, ...figures } = seen;
    const reasons = Map.groupBy(letters, ({ reason }) => reason);
    console.log(
      'T05',
      behind,
      figures,
      [...reasons].map(([reason, { length }]) => `${length} × ${reason}`),
    );
    console.log('T05', `lost ${seen.off}`, samples.at(-1));
    expect(seen.off).toBe(0);
    expect(letters).toHaveLength(seen.expectedLetters);
    expect(letters.every(({ device, reason }) => device === 'bad' && reason.includes('partial write'))).toBe(true);
    expect(seen.mostTries).toBeLessThanOrEqual(4);
    expect(seen.lettersMs.slowest).toBeLessThan(1_000);
    const counted = Object.groupBy(poisons, ([, reason]) => reason);
    for (const [reason, { length = 0 } = []] of Object.entries(counted))
      expect(seen.refused).toMatchObject({ [reason]: seen.rounds * length });
    expect(seen.trouble).toBeUndefined();
  },
);
