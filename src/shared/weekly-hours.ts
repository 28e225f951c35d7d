import { type TSchema, Type } from 'typebox';
import { defaultTimezone } from './timezone.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

/** The keys of a schedule by the clock, for the schemas that have them among others. */
export const weeklyHoursKeys = {
  weekdays: Type.Optional(
    Type.Array(Type.Enum([...weekdays]), {
      minItems: 1,
      maxItems: 7,
      description: `days of the week: ${weekdays.join(', ')}`,
    }),
  ),
  hours: Type.Optional(
    Type.Array(Type.String({ pattern: `^${time}-(?:${time}|24:00)$`, description: 'hours like 22:00-06:00' }), {
      minItems: 1,
      maxItems: 24,
      description: 'a list of hours like [22:00-06:00]',
    }),
  ),
  timezone: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: `an IANA time zone, ${defaultTimezone} unless told` }),
  ),
} satisfies Record<string, TSchema>;

/** When something holds; what is left out does not limit. */
export interface WeeklyHours {
  readonly weekdays?: readonly Weekday[] | undefined;
  /** Like 22:00-06:00; what goes past midnight belongs to the day on which it began. */
  readonly hours?: readonly string[] | undefined;
  /** IANA, of `weekdays` and `hours`; Asia/Shanghai unless told. */
  readonly timezone?: string | undefined;
}

const dayNames: Readonly<Record<Weekday, string>> = {
  mon: '周一',
  tue: '周二',
  wed: '周三',
  thu: '周四',
  fri: '周五',
  sat: '周六',
  sun: '周日',
};

/** A moment as the week's clock shows it. */
export interface ClockReading {
  /** 0 is Monday. */
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** Reads the clock of a time zone; it is slow to make. Throws on an unknown zone. */
export function weekClock(timezone = defaultTimezone): (at: Date) => ClockReading {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => readClock(clock, at);
}

/** The clocks of all time zones that are asked for. Each is made once, and read once for all who ask of one moment. */
export class WeekClocks {
  readonly #clocks = new Map<
    string,
    { readonly read: (at: Date) => ClockReading; readonly ms: number; readonly reading: ClockReading }
  >();

  read(at: Date, timezone = defaultTimezone): ClockReading {
    const ms = at.getTime();
    const known = this.#clocks.get(timezone);
    if (known?.ms === ms) return known.reading;
    const read = known?.read ?? weekClock(timezone);
    const reading = read(at);
    this.#clocks.set(timezone, { read, ms, reading });
    return reading;
  }
}

/** Whether the hours hold, by the clock of their own time zone. */
export function isWithin(
  { hours = ['00:00-24:00'], weekdays: on = weekdays }: WeeklyHours,
  now: ClockReading,
): boolean {
  const days = new Set(on);
  const isOn = (index: number) => {
    const name = weekdays[(index + 7) % 7];
    return name !== undefined && days.has(name);
  };
  return hours.map(spanOf).some(({ from, to }) => {
    if (from < to) return isOn(now.day) && now.minute >= from && now.minute < to;
    return (isOn(now.day) && now.minute >= from) || (isOn(now.day - 1) && now.minute < to);
  });
}

/** Days and hours as people read them; nothing of what is left out. */
export function hoursTexts({ weekdays: on, hours }: WeeklyHours): string[] {
  return [...(on ? [on.map((day) => dayNames[day]).join('、')] : []), ...(hours ?? [])];
}

/** Minutes of a day; a span that ends before it begins goes past midnight. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of hours like 22:00-06:00. */
const spanOf = (hours: string): Span => ({ from: minutesOf(hours.slice(0, 5)), to: minutesOf(hours.slice(6)) });

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function readClock(clock: Intl.DateTimeFormat, at: Date): ClockReading {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const names: readonly string[] = weekdays;
  const day = names.indexOf(parts.get('weekday')?.toLowerCase() ?? '');
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}
