import { expect, test } from 'vitest';
import { duplicate } from './duplicated-readings.ts';

test.each(['SQLite', 'InfluxDB 1.x', 'InfluxDB 2.x, its API'] as const)(
  'what is sent ten times is in %s once, two values of one time are two (T06)',
  {
    timeout: 60_000,
  },
  async (store) => {
    const { sent, distinct, ...faults } = await duplicate({ store, devices: 2, times: 60 });
    expect([sent, distinct]).toEqual([2_640, 240]);
    expect(faults).toEqual({ missing: 0, doubled: 0, foreign: 0, overwritten: 0 });
  },
);
