import { expect, test } from 'vitest';
import type { TelemetryQuery } from '../src/ingest/telemetry/telemetry-store.ts';
import { lookbackMs, seriesAround } from '../src/sensor-series.ts';
import { ruleOf } from './alerts/rules/rule-play.ts';

const from = new Date('2026-11-26T08:00:00.000Z');
const span = { sensor: 'a', from, to: new Date(from.getTime() + 3_600_000) };
const wet = ruleOf({
  id: 'wet',
  kind: 'combination',
  title: 't',
  severity: 'info',
  conditions: [
    { sensor: 'a', measure: 'rain', above: 1 },
    { sensor: 'b', measure: 'wind', above: 1 },
  ],
});

/** Sensors that each measure one thing, so many times a second from `from` on. */
function telemetry(perSecond: number) {
  const values: Readonly<Record<string, Record<string, number>>> = { a: { rain: 1 }, b: { wind: 2 }, c: { wind: 3 } };
  const query = async ({ from: begin, to, limit }: TelemetryQuery) => {
    const step = 1_000 / perSecond;
    const first = Math.ceil((begin - from.getTime()) / step) * step + from.getTime();
    const count = Math.min(limit, Math.max(0, Math.ceil((to - first) / step)));
    return Array.from({ length: count }, (_, index) => ({ at: first + index * step, value: index }));
  };
  return { registry: { get: (id: string) => ({ values: values[id] ?? {} }) }, query };
}

test('the series of a sensor come page by page, with those of the sensors its rules look at', async () => {
  const series = await seriesAround({ ...telemetry(1), rules: [wet] }, span);
  expect(series.map(({ sensor, measure, points }) => [sensor, measure, points.length])).toEqual([
    ['a', 'rain', 3_600],
    ['b', 'wind', 3_600],
  ]);
  expect(series[0]?.points.map(([ms]) => ms)).toEqual(Array.from({ length: 3_600 }, (_, index) => index * 1_000));
});

test('a series too dense to be kept whole is refused, not cut', async () => {
  await expect(seriesAround({ ...telemetry(10), rules: [] }, span)).rejects.toThrow(/rain of a was measured too often/);
});

test.each([
  ['usual rules', [wet], 1_200_000],
  ['no rules', [], 600_000],
  ['rules of a day', [ruleOf({ id: 'q', kind: 'no-data', after: 86_400, severity: 'info' })], 7_200_000],
])('with %s it begins so long before', (_, rules, ms) => {
  expect(lookbackMs(rules)).toBe(ms);
});
