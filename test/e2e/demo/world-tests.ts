import { expect, test } from 'vitest';
import type { DemoRun } from '../../helpers/demo-run.ts';

interface Moving {
  readonly id: string;
  readonly online: boolean;
  readonly position?: { readonly lat: number; readonly lon: number };
}

interface Bucket {
  readonly at: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
}

/** More than a fix is ever off: about 30 m. */
const movedDegrees = 3e-4;

function hasMoved(from: Moving | undefined, to: Moving | undefined): boolean {
  if (!from?.position || !to?.position) return false;
  const { lat, lon } = from.position;
  return Math.hypot(to.position.lat - lat, to.position.lon - lon) > movedDegrees;
}

/** Units on the move, and stations that measure. */
export function worldTests(demo: () => DemoRun): void {
  test('twelve units are on the road and drive', async () => {
    const seat = await demo().login('seat');
    const units = async () => (await seat.get<{ items: Moving[] }>('/units')).items;
    const onRoad = async () => (await units()).filter(({ online, position }) => online && position).length;
    await expect.poll(onRoad, { timeout: 30_000, interval: 500 }).toBe(12);
    const before = new Map((await units()).map((unit) => [unit.id, unit]));
    const moved = async () => (await units()).filter((unit) => hasMoved(before.get(unit.id), unit)).length;
    await expect.poll(moved, { timeout: 45_000, interval: 500 }).toBeGreaterThanOrEqual(6);
  });

  test('fourteen stations report, and what one measured is asked for in buckets', async () => {
    const seat = await demo().login('seat');
    const { items } = await seat.get<{ items: { id: string; online: boolean }[] }>('/devices?kind=sensor');
    expect(items).toHaveLength(14);
    const buckets = async () =>
      (await seat.get<{ unit: string; points: Bucket[] }>('/telemetry?device=ws06&measurement=visibility&every=10s'))
        .points;
    await expect.poll(async () => (await buckets()).length, { timeout: 30_000, interval: 500 }).toBeGreaterThan(1);
    for (const { at, min, mean, max, count } of await buckets()) {
      expect(Date.parse(at) % 10_000).toBe(0);
      expect(count).toBeGreaterThan(0);
      expect(min).toBeLessThanOrEqual(mean);
      expect(mean).toBeLessThanOrEqual(max);
    }
  });
}
