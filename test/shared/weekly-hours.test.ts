import { expect, test } from 'vitest';
import { hoursTexts, isWithin, WeekClocks, type WeeklyHours } from '../../src/shared/weekly-hours.ts';

/** 2026-11-23 is a Monday. */
test.each<{ hours: WeeklyHours; at: string; holds: boolean }>([
  { hours: {}, at: '2026-11-23T03:00+08:00', holds: true },
  { hours: { weekdays: ['sun'], hours: ['22:00-06:00'] }, at: '2026-11-23T05:59+08:00', holds: true },
  { hours: { weekdays: ['mon'], hours: ['22:00-06:00'] }, at: '2026-11-23T05:59+08:00', holds: false },
  { hours: { hours: ['22:00-24:00'] }, at: '2026-11-23T00:00+08:00', holds: false },
  { hours: { hours: ['08:00-20:00', '20:00-08:00'] }, at: '2026-11-23T20:00+08:00', holds: true },
  { hours: { weekdays: ['sun'], timezone: 'America/New_York' }, at: '2026-11-23T03:00Z', holds: true },
])('$hours at $at: $holds', ({ hours, at, holds }) => {
  expect(isWithin(hours, new WeekClocks().read(new Date(at), hours.timezone))).toBe(holds);
});

test('days and hours are named, and what does not limit is not', () => {
  expect(hoursTexts({ weekdays: ['sat', 'sun'], hours: ['08:00-18:00'] })).toEqual(['周六、周日', '08:00-18:00']);
  expect(hoursTexts({ timezone: 'UTC' })).toEqual([]);
});
