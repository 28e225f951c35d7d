import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Corner } from '../../src/alerts/detection/zone.ts';
import { footageClip, noFootage, watchFootage } from '../helpers/footage-site.ts';

const minutes = 10;
const everywhere: Corner[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

test.skipIf(noFootage)(
  `real footage: where only cars pass, ${minutes} minutes raise no person, though cars are told of${noFootage}`,
  async () => {
    const zones = [
      { id: 'people', polygon: everywhere, objects: ['person'], dwell: 0 },
      { id: 'cars', polygon: everywhere, objects: ['vehicle'], dwell: 0 },
    ];
    await using site = await watchFootage([
      { id: 'lot', clip: footageClip('car-only'), detect: { every: 0.5, zones } },
    ]);
    await sleep(minutes * 60_000);
    const kinds = new Map<string, number>();
    for (const { alert } of site.told) if (alert.version === 1) kinds.set(alert.kind, (kinds.get(alert.kind) ?? 0) + 1);
    console.log(`${site.pool.counts.detected} pictures looked at, alerts: ${JSON.stringify([...kinds])}`);
    expect(site.pool.counts.detected).toBeGreaterThan(minutes * 60);
    expect(kinds.get('vehicle-in-zone')).toBeGreaterThan(0);
    expect([...kinds.keys()]).toEqual(['vehicle-in-zone']);
  },
);
