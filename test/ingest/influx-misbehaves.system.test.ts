import { expect, test } from 'vitest';
import { allMisbehaviours, type Misbehaviour, retryAfterSeconds } from './influx-front.ts';
import { rideOut } from './misbehaving-influx.ts';

const load = { stations: 5, reportsPerSecond: 50, goodSeconds: 1, faultSeconds: 12 };
const waits: ReadonlySet<Misbehaviour> = new Set(['takes it and never answers', 'stores it and answers after 10 s']);

test.concurrent.each(allMisbehaviours)(
  'InfluxDB %s: acknowledged all the same, and each point is there once (T04)',
  {
    timeout: 110_000,
  },
  async (misbehaviour) => {
    const behind = 'InfluxDB 2.x, its API';
    const { ridden, goodAckP99Ms: _, ...seen } = await rideOut({ ...load, behind, misbehaviours: [misbehaviour] });
    expect(seen).toEqual({ acknowledged: expect.any(Number), off: 0, overwritten: 0, deadLetters: 0 });
    expect(seen.acknowledged).toBeGreaterThan(100);
    const [{ triesMs = [], pausesMs = [], ackP99Ms = 0, trouble, undelivered } = {}] = ridden;
    expect(undelivered).toBe(0);
    // Whoever waited for InfluxDB would wait for all of its deadline.
    expect(ackP99Ms).toBeLessThan(5_000);
    expect(trouble).toContain('InfluxDB takes no points');
    if (waits.has(misbehaviour)) expect(triesMs[0]).toBeGreaterThan(9_000);
    expect(Math.max(...triesMs)).toBeLessThan(12_000);
    if (misbehaviour === 'answers 429 with Retry-After')
      expect(Math.min(...pausesMs)).toBeGreaterThan(retryAfterSeconds * 1_000 - 100);
  },
);
