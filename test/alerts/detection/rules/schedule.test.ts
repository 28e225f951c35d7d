import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Schedule, scheduleAt } from '../../../../src/alerts/detection/rules/schedule.ts';
import { scheduledRule, standingRule } from '../../../../src/alerts/detection/rules/standing-rule.ts';
import { basePolicy, eventsOf, picturesOf, times, wholePicture } from './story.ts';

const guizhou = { lat: 27.3, lon: 105.29 };

/** 2026-11-23 is a Monday; the sun rises about 07:20 and sets about 17:55 there. */
test.each<{ schedule: Schedule; at: string; isInForce: boolean }>([
  { schedule: {}, at: '2026-11-23T03:00+08:00', isInForce: true },
  { schedule: { when: 'day' }, at: '2026-11-23T12:00+08:00', isInForce: true },
  { schedule: { when: 'day' }, at: '2026-11-23T19:00+08:00', isInForce: false },
  { schedule: { when: 'night' }, at: '2026-11-23T19:00+08:00', isInForce: true },
  { schedule: { when: 'night' }, at: '2026-11-23T08:00+08:00', isInForce: false },
  { schedule: { weekdays: ['mon'] }, at: '2026-11-23T00:00+08:00', isInForce: true },
  { schedule: { weekdays: ['mon'] }, at: '2026-11-22T23:59+08:00', isInForce: false },
  { schedule: { hours: ['07:00-09:00', '17:00-19:00'] }, at: '2026-11-23T17:00+08:00', isInForce: true },
  { schedule: { hours: ['07:00-09:00', '17:00-19:00'] }, at: '2026-11-23T09:00+08:00', isInForce: false },
  { schedule: { hours: ['22:00-06:00'] }, at: '2026-11-23T05:59+08:00', isInForce: true },
  { schedule: { hours: ['22:00-06:00'], weekdays: ['fri'] }, at: '2026-11-28T05:00+08:00', isInForce: true },
  { schedule: { hours: ['22:00-06:00'], weekdays: ['sat'] }, at: '2026-11-28T05:00+08:00', isInForce: false },
  { schedule: { hours: ['08:00-09:00'], timezone: 'Europe/Athens' }, at: '2026-11-23T08:30+02:00', isInForce: true },
  { schedule: { when: 'night', weekdays: ['tue'] }, at: '2026-11-23T22:00+08:00', isInForce: false },
])('$schedule at $at: $isInForce', ({ schedule, at, isInForce }) => {
  expect(scheduleAt(schedule, guizhou)(new Date(at)).isInForce).toBe(isInForce);
});

test('the reason names the schedule, and how high the sun stands when it matters', () => {
  const schedule: Schedule = { when: 'night', weekdays: ['mon', 'tue'], hours: ['22:00-06:00'] };
  const { reason } = scheduleAt(schedule, guizhou)(new Date('2026-11-23T23:00+08:00'));
  expect(reason.text).toMatch(/^生效时段：夜间（太阳高度 -\d+(\.\d)?°），周一、周二，22:00-06:00$/);
  expect(reason).toMatchObject({ limit: -0.833, unit: '°' });
  expect(scheduleAt({ hours: ['08:00-09:00'] }, guizhou)(new Date()).reason).toEqual({
    text: '生效时段：全天，08:00-09:00',
  });
});

test('out of its schedule a rule sees nobody, within it its reasons say so', () => {
  const policy = { ...basePolicy, objects: ['car'], zone: { id: 'z', polygon: wholePicture }, dwellMs: 2_000 };
  const pictures = picturesOf([{ id: 1, path: times(8, [0.5, 0.5]) }]);
  const told = (schedule: Schedule) => {
    let rule = scheduledRule(standingRule({ rule: 'presence', policy }), schedule, guizhou);
    return pictures.map((picture) => {
      const { verdict, next } = rule.look(picture);
      rule = next;
      return verdict;
    });
  };
  // The pictures are of 1970-01-01T00:00Z, 08:00 in Shanghai, a Thursday.
  expect(eventsOf(told({ weekdays: ['fri'] }))).toEqual([]);
  expect(told({ weekdays: ['thu'] })[2]).toMatchObject({
    type: 'begin',
    reasons: [{ text: '在公路停留 2 s，门限 2 s' }, { text: '生效时段：全天，周四' }],
  });
});

test('it is day or night at any place and moment, and hours and weekdays share out the week without a gap', () => {
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true });
  const place = fc.record({
    lat: fc.double({ min: -89, max: 89, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  const parts: Schedule[][] = [
    [{ when: 'day' }, { when: 'night' }],
    [{ hours: ['06:00-22:00'] }, { hours: ['22:00-06:00'] }],
    [{ weekdays: ['mon', 'tue', 'wed'] }, { weekdays: ['thu', 'fri'] }, { weekdays: ['sat', 'sun'] }],
  ];
  fc.assert(
    fc.property(moment, place, fc.constantFrom(...parts), (at, where, schedules) => {
      const inForce = schedules.filter((schedule) => scheduleAt(schedule, where)(at).isInForce);
      expect(inForce).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});
