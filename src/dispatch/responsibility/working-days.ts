import { type Static, Type } from 'typebox';

export const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const Weekday = Type.Enum([...weekdayNames]);
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day like 2026-10-01, in quotes' });
const days = { maxItems: 2_000, default: [] };

/** Which days count: the week as it usually is, the holidays, and the weekend days that are worked instead (调休). */
export const CalendarConfig = Type.Object(
  {
    zone: Type.String({ default: 'Asia/Shanghai', description: 'a time zone like Asia/Shanghai' }),
    week: Type.Array(Weekday, { minItems: 1, maxItems: 7, default: ['mon', 'tue', 'wed', 'thu', 'fri'] }),
    holidays: Type.Array(Day, days),
    workdays: Type.Array(Day, days),
  },
  { additionalProperties: false, default: {} },
);
export type CalendarConfig = Readonly<Static<typeof CalendarConfig>>;

const dayMs = 86_400_000;

/** Working days of one place: its clock and its holidays. */
export class WorkingDays {
  readonly #format: Intl.DateTimeFormat;
  readonly #week: ReadonlySet<number>;
  readonly #holidays: ReadonlySet<string>;
  readonly #workdays: ReadonlySet<string>;

  constructor({ zone, week, holidays, workdays }: CalendarConfig) {
    const parts = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const;
    this.#format = new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: zone, hourCycle: 'h23' });
    this.#week = new Set(week.map((name) => weekdayNames.indexOf(name)));
    this.#holidays = new Set(holidays);
    this.#workdays = new Set(workdays);
  }

  /** The same minute of the clock, so many working days later. The day it begins on does not count. */
  after(from: Date, days: number): Date {
    let local = this.#localOf(from);
    for (let left = days; left > 0; ) {
      local += dayMs;
      if (this.#isWorked(local)) left -= 1;
    }
    return this.#instantOf(local);
  }

  /** A date and a time of the clock on the wall, as if the wall were in Greenwich. */
  #localOf(at: Date): number {
    const part = Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (at.getTime() % 1_000);
  }

  /** Where the clock is put forward, a time that it leaves out is the one after; twice suffices to find the offset. */
  #instantOf(local: number): Date {
    const guess = local - this.#offsetAt(local);
    return new Date(local - this.#offsetAt(guess));
  }

  #offsetAt(instant: number): number {
    return this.#localOf(new Date(instant)) - instant;
  }

  #isWorked(local: number): boolean {
    const date = new Date(local);
    const day = date.toISOString().slice(0, 10);
    if (this.#workdays.has(day)) return true;
    return !this.#holidays.has(day) && this.#week.has(date.getUTCDay());
  }
}
