import type { GeoPoint } from '../../../gis/point.ts';
import { sunElevation, sunriseElevation } from '../../../gis/sun.ts';
import type { Reason } from '../../../shared/reason.ts';
import { hoursTexts, isWithin, type WeeklyHours, weekClock } from '../../../shared/weekly-hours.ts';
import { round } from './reason-texts.ts';

/** When a rule holds; what is left out does not limit. */
export interface Schedule extends WeeklyHours {
  /** By the sun at the camera: it is day from sunrise to sunset. */
  readonly when?: 'day' | 'night' | 'always' | undefined;
}

/** Whether a rule holds at a moment, and the sentence that says why. */
export interface Force {
  readonly isInForce: boolean;
  readonly reason: Reason;
}

const sunNames = { day: '昼间', night: '夜间', always: '全天' } as const;

/** Reads the schedule once, and tells of any moment whether it is in force at the place. Throws on an unknown time zone. */
export function scheduleAt(schedule: Schedule, place: Pick<GeoPoint, 'lat' | 'lon'>): (at: Date) => Force {
  const { when = 'always' } = schedule;
  const clock = weekClock(schedule.timezone);
  return (at) => {
    const elevation = sunElevation(at, place);
    const isDay = elevation > sunriseElevation;
    const sunHolds = when === 'always' || isDay === (when === 'day');
    const isInForce = sunHolds && isWithin(schedule, clock(at));
    const value = round(elevation, 1);
    const sun = when === 'always' ? sunNames.always : `${sunNames[when]}（太阳高度 ${value}°）`;
    const text = `生效时段：${[sun, ...hoursTexts(schedule)].join('，')}`;
    return { isInForce, reason: when === 'always' ? { text } : { text, value, limit: sunriseElevation, unit: '°' } };
  };
}
