import { expect, test } from 'vitest';
import { WallDays } from '../../../src/dispatch/reports/report-span.ts';

const shanghai = new WallDays('Asia/Shanghai');
const isoOf = (span: { from: Date; to: Date } | undefined) => span && [span.from.toISOString(), span.to.toISOString()];

test('a day is from midnight to midnight of the place', () => {
  expect(isoOf(shanghai.day('2026-11-26'))).toEqual(['2026-11-25T16:00:00.000Z', '2026-11-26T16:00:00.000Z']);
  expect(shanghai.dayOf(new Date('2026-11-25T16:00:00.000Z'))).toBe('2026-11-26');
  expect(shanghai.dayOf(new Date('2026-11-25T15:59:59.999Z'))).toBe('2026-11-25');
});

test('where clocks change, a day has 23 or 25 hours', () => {
  const berlin = new WallDays('Europe/Berlin');
  expect(isoOf(berlin.day('2026-03-29'))).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  expect(isoOf(berlin.day('2026-10-25'))).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z']);
});

test('weeks are those of ISO 8601, across the turn of a year', () => {
  expect(shanghai.weekOf(new Date('2026-11-26T08:00:00Z'))).toBe('2026-W48');
  expect(shanghai.weekOf(new Date('2027-01-01T08:00:00Z'))).toBe('2026-W53');
  expect(isoOf(shanghai.week('2026-W53'))).toEqual(['2026-12-27T16:00:00.000Z', '2027-01-03T16:00:00.000Z']);
  expect(isoOf(shanghai.week('2027-W01'))?.[0]).toBe('2027-01-03T16:00:00.000Z');
});

test('a day or a week that does not exist is none', () => {
  expect([shanghai.day('2026-02-29'), shanghai.day('2026-13-01')]).toEqual([undefined, undefined]);
  expect([shanghai.week('2026-W00'), shanghai.week('2026-W54'), shanghai.week('2027-W53'), shanghai.week('x')]).toEqual(
    Array.from({ length: 4 }),
  );
});
