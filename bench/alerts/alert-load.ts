import { setTimeout as delay } from 'node:timers/promises';
import type { Observation } from '../../src/alerts/observation.ts';
import { sharedClockMs } from '../program.ts';

export interface Pace {
  readonly perSecond: number;
  readonly count: number;
}

/** Calls at an even pace, whether or not the calls before are through: a queue that grows must show. */
export async function atPace({ perSecond, count }: Pace, call: (n: number) => void): Promise<void> {
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) {
    const wait = startedAt + (n * 1_000) / perSecond - performance.now();
    if (wait > 0) await delay(wait);
    call(n);
  }
}

/** Fog at a station far from the others, so that each alert is one of its own; its title is the time it was seen. */
export function fogAt(station: string): Observation {
  const n = Number(station.replaceAll(/\D/g, ''));
  return {
    key: `low-visibility:${station}`,
    kind: 'low-visibility',
    severity: 'major',
    at: new Date(),
    position: { lat: 27 + (n % 200) / 500, lon: 105 + Math.floor(n / 200) / 300, errorMeters: 10 },
    title: `${sharedClockMs()}`,
    reasons: [{ text: '能见度 180 m', value: 180, limit: 200, unit: 'm', source: station }],
    sensor: station,
    road: 'G76',
    stake: 'K1432+900',
  };
}
