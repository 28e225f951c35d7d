import { expect, test } from 'vitest';
import { allMisbehaviours, retryAfterSeconds } from '../ingest/influx-front.ts';
import { type Ride, rideOut } from '../ingest/misbehaving-influx.ts';

const load = { stations: 50, reportsPerSecond: 500, goodSeconds: 10, faultSeconds: 50 };
const deadlineMs = 10_000;
/** What a busy machine adds. */
const slackMs = 1_000;
/** The longest pause after so many failures in a row: 0.5 s doubled, 30 s at most. */
const ceilingMs = (failures: number) => Math.min(30_000, 500 * 2 ** failures);

test.each<Pick<Ride, 'behind' | 'misbehaviours'>>([
  { behind: 'InfluxDB 2.x, its API', misbehaviours: allMisbehaviours },
  {
    behind: 'InfluxDB 1.x',
    misbehaviours: [
      'stores it and answers after 10 s',
      'stores it and the answer is lost',
      'stores half of it and is reset',
    ],
  },
])('T04: $behind misbehaves at 2,000 points a second', async (servers) => {
  const { ridden, ...whole } = await rideOut({ ...load, ...servers });
  for (const one of ridden) console.log('T04', one);
  console.log('T04', servers.behind, whole);
  expect(whole).toMatchObject({ off: 0, overwritten: 0, deadLetters: 0 });
  for (const { misbehaviour, triesMs, pausesMs, ...one } of ridden) {
    expect(one.undelivered, misbehaviour).toBe(0);
    expect(one.ackP99Ms, misbehaviour).toBeLessThan(50);
    expect(one.trouble, misbehaviour).toContain('InfluxDB takes no points');
    expect(Math.max(...triesMs), misbehaviour).toBeLessThan(deadlineMs + slackMs);
    const asked = misbehaviour.includes('Retry-After') ? retryAfterSeconds * 1_000 : 0;
    const tooLong = pausesMs.filter((ms, failures) => ms > Math.max(asked, ceilingMs(failures)) + slackMs);
    expect(tooLong, misbehaviour).toEqual([]);
    expect(Math.min(...pausesMs), misbehaviour).toBeGreaterThan(asked - 100);
    expect(one.recoveredMs, misbehaviour).toBeLessThan(60_000);
  }
});
