import { expect, test } from 'vitest';
import { duplicate } from '../ingest/duplicated-readings.ts';

test.each(['SQLite', 'InfluxDB 1.x', 'InfluxDB 2.x, its API'] as const)(
  'T06: everything ten times, and two values a time, into %s',
  async (store) => {
    const { sent, distinct, ...faults } = await duplicate({ store, devices: 20, times: 1_000 });
    console.log('T06', store, { sent, distinct, ...faults });
    expect(distinct).toBe(40_000);
    expect(faults).toEqual({ missing: 0, doubled: 0, foreign: 0, overwritten: 0 });
  },
);
