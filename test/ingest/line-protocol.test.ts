import { Point } from '@influxdata/influxdb-client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineProtocol } from '../../src/ingest/telemetry/line-protocol.ts';
import { point } from './telemetry-suite.ts';

test('a line is what the client itself would write, the ordinal in its nanoseconds', () => {
  const protocol = new LineProtocol();
  const name = fc.string({
    minLength: 1,
    maxLength: 20,
    unit: fc.constantFrom('a', '雾', ' ', ',', '=', '"', '\\', '.'),
  });
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  const parts = fc.tuple(name, name, value, fc.nat(4e9), fc.nat(99));
  fc.assert(
    fc.property(parts, ([device, measurement, value, at, ordinal]) => {
      const theirs = new Point(measurement).tag('device', device).floatField('value', value);
      const time = (BigInt(at) * 1_000_000n + BigInt(ordinal)).toString();
      const ours = protocol.line(point(0, value, { device, measurement, at, ordinal }));
      expect(ours).toBe(theirs.timestamp(time).toLineProtocol());
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is no value', (value) => {
  expect(() => new LineProtocol().line(point(0, value))).toThrow(RangeError);
});
