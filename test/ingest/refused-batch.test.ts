import { HttpError } from '@influxdata/influxdb-client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal, splitRefused, wasRefusedWhole } from '../../src/ingest/telemetry/refused-batch.ts';
import type { TelemetryPoint } from '../../src/ingest/telemetry/telemetry-store.ts';
import { point } from './telemetry-suite.ts';

const refusal = (status: number, body = '') => new HttpError(status, 'refused', body);

test('what a server will never take is refused, what it cannot take now is not', () => {
  const statuses = [400, 401, 404, 413, 422, 429, 500, 503];
  expect(statuses.filter((status) => isRefusal(refusal(status)))).toEqual([400, 413, 422]);
  expect(isRefusal(new Error('socket hang up'))).toBe(false);
});

test.each([
  [3, 'partial write: field type conflict: input field "value" is type float dropped=3', true],
  [3, 'partial write: field type conflict: input field "value" is type float dropped=2', false],
  [3, "partial write: unable to parse 'x': missing fields dropped=0", false],
  [3, '', false],
  [1, '', true],
])('of %d points, refused with %j, all are at fault: %s', (count, body, whole) => {
  const points = Array.from({ length: count }, (_, n) => point(n, n));
  expect(wasRefusedWhole(points, refusal(400, body))).toBe(whole);
});

/** How often each point is sent to a server that takes no batch with a poisonous one in it. */
function triesOf(points: readonly TelemetryPoint[], isPoison: (point: TelemetryPoint) => boolean) {
  const tries = new Map<TelemetryPoint, number>();
  const buried: TelemetryPoint[] = [];
  const count = (part: readonly TelemetryPoint[]) => {
    for (const one of part) tries.set(one, (tries.get(one) ?? 0) + 1);
  };
  const send = (part: readonly TelemetryPoint[], retries: number): void => {
    count(part);
    if (!part.some(isPoison)) return;
    if (wasRefusedWhole(part, refusal(400))) buried.push(...part);
    else for (const smaller of splitRefused(part, retries)) send(smaller, retries + 1);
  };
  send(points, 0);
  return { most: Math.max(...tries.values()), buried, sent: tries.size };
}

test('whatever is poisonous is found, nothing else is, and no point is sent more than three times again (T05)', () => {
  const poison = fc.record({
    n: fc.nat(300),
    measurement: fc.constantFrom('visibility', 'wind', 'door'),
    bad: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(poison, { minLength: 1, maxLength: 300 }), (drawn) => {
      const points = drawn.map(({ n, measurement, bad }) => point(n, bad ? -1 : 1, { measurement }));
      const { most, buried, sent } = triesOf(points, ({ value }) => value < 0);
      expect(most).toBeLessThanOrEqual(4);
      expect(new Set(buried)).toEqual(new Set(points.filter(({ value }) => value < 0)));
      expect(sent).toBe(points.length);
    }),
  );
});
