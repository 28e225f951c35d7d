import type { GeoPoint } from '../../../gis/point.ts';
import { sunElevation, sunriseElevation } from '../../../gis/sun.ts';
import type { Reason } from '../../alert.ts';
import { round } from './reason-texts.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a rule holds; what is left out does not limit. */
export interface Schedule {
  /** By the sun at the camera: it is day from sunrise to sunset. */
  readonly when?: 'day' | 'night' | 'always' | undefined;
  readonly weekdays?: readonly Weekday[] | undefined;
  /** Like 22:00-06:00; what goes past midnight belongs to the day on which it began. */
  readonly hours?: readonly string[] | undefined;
  /** IANA, of `weekdays` and `hours`; Asia/Shanghai unless told. */
  readonly timezone?: string | undefined;
}

/** Whether a rule holds at a moment, and the sentence that says why. */
export interface Force {
  readonly isInForce: boolean;
  readonly reason: Reason;
}

const dayMinutes = 1_440;
const defaultTimezone = 'Asia/Shanghai';
const sunNames = { day: '昼间', night: '夜间', always: '全天' } as const;
const dayNames: Readonly<Record<Weekday, string>> = {
  mon: '周一',
  tue: '周二',
  wed: '周三',
  thu: '周四',
  fri: '周五',
  sat: '周六',
  sun: '周日',
};

/** Reads the schedule once, and tells of any moment whether it is in force at the place. Throws on an unknown time zone. */
export function scheduleAt(schedule: Schedule, place: Pick<GeoPoint, 'lat' | 'lon'>): (at: Date) => Force {
  const { when = 'always', timezone = defaultTimezone } = schedule;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const spans = (schedule.hours ?? ['00:00-24:00']).map(spanOf);
  const days = new Set(schedule.weekdays ?? weekdays);
  return (at) => {
    const elevation = sunElevation(at, place);
    const isDay = elevation > sunriseElevation;
    const sunHolds = when === 'always' || isDay === (when === 'day');
    const isInForce = sunHolds && holdsBy(readClock(clock, at), spans, days);
    const value = round(elevation, 1);
    const sun = when === 'always' ? sunNames.always : `${sunNames[when]}（太阳高度 ${value}°）`;
    const text = `生效时段：${[sun, ...daysText(schedule.weekdays), ...(schedule.hours ?? [])].join('，')}`;
    return { isInForce, reason: when === 'always' ? { text } : { text, value, limit: sunriseElevation, unit: '°' } };
  };
}

/** Minutes of a day; a span that ends before it begins goes past midnight. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf(hours: string): Span {
  const [from = 0, to = dayMinutes] = hours.split('-').map(minutesOf);
  return { from, to };
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

interface ClockReading {
  /** 0 is Monday. */
  readonly day: number;
  readonly minute: number;
}

function readClock(clock: Intl.DateTimeFormat, at: Date): ClockReading {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const names: readonly string[] = weekdays;
  const day = names.indexOf(parts.get('weekday')?.toLowerCase() ?? '');
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

function holdsBy({ day, minute }: ClockReading, spans: readonly Span[], days: ReadonlySet<Weekday>): boolean {
  const isOn = (index: number) => {
    const name = weekdays[(index + 7) % 7];
    return name !== undefined && days.has(name);
  };
  return spans.some(({ from, to }) => {
    if (from < to) return isOn(day) && minute >= from && minute < to;
    return (isOn(day) && minute >= from) || (isOn(day - 1) && minute < to);
  });
}

function daysText(days: readonly Weekday[] | undefined): string[] {
  return days ? [days.map((day) => dayNames[day]).join('、')] : [];
}
