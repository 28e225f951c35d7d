import { describe, expect, test } from 'vitest';
import type { TelemetryPoint, TelemetryQuery, TelemetryRow } from '../../src/ingest/telemetry/telemetry-store.ts';

/** A store behind the whole way a point goes; `store` resolves when the point can be asked for. */
export interface TelemetryRig extends AsyncDisposable {
  store(points: readonly TelemetryPoint[]): Promise<void>;
  query(query: TelemetryQuery): Promise<TelemetryRow[]>;
}

const t0 = Date.parse('2026-11-21T08:00:00.000Z');
const dayMs = 86_400_000;

export function point(seconds: number, value: number, series: Partial<TelemetryPoint> = {}): TelemetryPoint {
  const at = t0 + Math.round(seconds * 1_000);
  return { device: 'ws01', measurement: 'visibility', at, receivedAt: at, value, ...series };
}

const asked = (query: Partial<TelemetryQuery> = {}): TelemetryQuery => ({
  device: 'ws01',
  measurement: 'visibility',
  from: t0,
  to: t0 + dayMs,
  limit: 1_000,
  ...query,
});

/** How every store of series behaves. */
export function describeTelemetryStore(name: string, start: () => Promise<TelemetryRig>): void {
  describe(name, () => {
    test('a series comes back oldest first, and nothing of its neighbours', async () => {
      await using rig = await start();
      await rig.store([
        point(20, 200),
        point(10, 100.5),
        point(10, 1, { device: 'ws02' }),
        point(10, 2, { measurement: 'wind' }),
      ]);
      expect(await rig.query(asked())).toEqual([
        { at: t0 + 10_000, value: 100.5 },
        { at: t0 + 20_000, value: 200 },
      ]);
    });

    test('`from` is included, `to` is not, and `limit` holds', async () => {
      await using rig = await start();
      await rig.store(Array.from({ length: 10 }, (_, n) => point(n, n)));
      const rows = await rig.query(asked({ from: t0 + 2_000, to: t0 + 8_000, limit: 3 }));
      expect(rows.map(({ at }) => at - t0)).toEqual([2_000, 3_000, 4_000]);
      expect(await rig.query(asked({ from: t0 + 7_000, to: t0 + 8_000 }))).toHaveLength(1);
    });

    test('the same point ten times is one; distinct values at one time are all kept (T06)', async () => {
      await using rig = await start();
      for (let n = 0; n < 10; n += 1) await rig.store([point(0, 180), point(0, 190)]);
      await rig.store([point(0, 200)]);
      const rows = await rig.query(asked());
      expect(rows.map((row) => 'value' in row && row.value).sort()).toEqual([180, 190, 200]);
      expect(new Set(rows.map(({ at }) => at))).toEqual(new Set([t0]));
    });

    test('times come back to the millisecond', async () => {
      await using rig = await start();
      const times = Array.from({ length: 200 }, (_, n) => n * 1.001);
      await rig.store(times.map((seconds, n) => point(seconds, n)));
      const rows = await rig.query(asked());
      expect(rows.map(({ at }) => at)).toEqual(times.map((seconds) => t0 + Math.round(seconds * 1_000)));
    });

    test('down-sampled: minimum, mean, maximum, last and count of each span that has any', async () => {
      await using rig = await start();
      await rig.store([point(0, 4), point(5, 2), point(9, 6), point(10, 1), point(45, 7)]);
      expect(await rig.query(asked({ everyMs: 10_000 }))).toEqual([
        { at: t0, min: 2, mean: 4, max: 6, last: 6, count: 3 },
        { at: t0 + 10_000, min: 1, mean: 1, max: 1, last: 1, count: 1 },
        { at: t0 + 40_000, min: 7, mean: 7, max: 7, last: 7, count: 1 },
      ]);
    });

    test('down-sampled over many, with a limit', async () => {
      await using rig = await start();
      await rig.store(Array.from({ length: 9_000 }, (_, n) => point(n, n % 60)));
      const rows = await rig.query(asked({ everyMs: 60_000, limit: 100 }));
      expect(rows).toHaveLength(100);
      expect(rows.at(-1)).toEqual({ at: t0 + 99 * 60_000, min: 0, mean: 29.5, max: 59, last: 59, count: 60 });
    });

    test('names that are not plain words are names', async () => {
      await using rig = await start();
      const odd = { device: 'ws 01,x="y"\\z', measurement: 'visibility' };
      await rig.store([point(0, 1, odd), point(0, -273.15, { measurement: 'roadTemperature' })]);
      expect(await rig.query(asked(odd))).toHaveLength(1);
      expect(await rig.query(asked({ measurement: 'roadTemperature' }))).toEqual([{ at: t0, value: -273.15 }]);
      expect(await rig.query(asked({ device: "x' OR '1'='1" }))).toEqual([]);
      expect(await rig.query(asked({ measurement: 'nothing' }))).toEqual([]);
    });
  });
}
