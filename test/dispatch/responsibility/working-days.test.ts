import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CalendarConfig, WorkingDays } from '../../../src/dispatch/responsibility/working-days.ts';

const week: CalendarConfig['week'] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const calendar = (days: Partial<CalendarConfig> = {}): CalendarConfig => ({
  zone: 'Asia/Shanghai',
  week,
  holidays: [],
  workdays: [],
  ...days,
});
const shanghai = (local: string) => new Date(`${local}+08:00`);

/** 2026-11-26 is a Thursday. */
const cases: [string, string, number, Partial<CalendarConfig>, string][] = [
  ['over a weekend', '2026-11-26T15:19', 2, {}, '2026-11-30T15:19'],
  [
    'a holiday on Friday, worked for on Saturday',
    '2026-11-26T15:19',
    2,
    { holidays: ['2026-11-27'], workdays: ['2026-11-28'] },
    '2026-11-30T15:19',
  ],
  ['a holiday on Friday alone', '2026-11-26T15:19', 2, { holidays: ['2026-11-27'] }, '2026-12-01T15:19'],
  ['from Saturday', '2026-11-28T10:00', 1, {}, '2026-11-30T10:00'],
  [
    'a week of holidays',
    '2026-09-30T23:59',
    1,
    { holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'] },
    '2026-10-08T23:59',
  ],
  [
    'a workday that is a holiday too is worked',
    '2026-11-26T15:19',
    1,
    { holidays: ['2026-11-27'], workdays: ['2026-11-27'] },
    '2026-11-27T15:19',
  ],
];

test.each(cases)('working days: %s', (_, ...[from, days, given, due]) => {
  expect(new WorkingDays(calendar(given)).after(shanghai(from), days)).toEqual(shanghai(due));
});

test('which day it is says the clock of the place: Thursday evening in Greenwich is Friday in Shanghai', () => {
  const late = new WorkingDays(calendar()).after(new Date('2026-11-26T16:30:00Z'), 1);
  expect(late.toISOString()).toBe('2026-11-29T16:30:00.000Z');
});

test('where clocks change in between it is still the same minute of the clock', () => {
  const berlin = new WorkingDays(calendar({ zone: 'Europe/Berlin' }));
  expect(berlin.after(new Date('2026-03-27T14:19:00Z'), 1).toISOString()).toBe('2026-03-30T13:19:00.000Z');
  expect(berlin.after(new Date('2026-10-23T13:19:00Z'), 1).toISOString()).toBe('2026-10-26T14:19:00.000Z');
});

test('any number of working days ends on a working day, at the same minute, and one by one comes to the same', () => {
  const holidays = ['2026-10-01', '2026-10-02', '2027-01-01'];
  const days = new WorkingDays(calendar({ holidays, workdays: ['2026-10-10'] }));
  const instant = fc.date({ min: new Date('2026-09-01'), max: new Date('2027-02-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 30 }), (from, count) => {
      const due = days.after(from, count);
      let step = from;
      for (let n = 0; n < count; n += 1) step = days.after(step, 1);
      expect(due).toEqual(step);
      expect((due.getTime() - from.getTime()) % 86_400_000).toBe(0);
      const local = new Date(due.getTime() + 8 * 3_600_000);
      const day = local.toISOString().slice(0, 10);
      const isWeekend = local.getUTCDay() % 6 === 0;
      expect(day === '2026-10-10' || (!isWeekend && !holidays.includes(day))).toBe(true);
    }),
    { numRuns: 50 },
  );
});
