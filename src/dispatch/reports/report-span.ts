const dayMs = 86_400_000;

/** Days of the clock on the wall of one place. */
export class WallDays {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.zone = zone;
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const times = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    this.#format = new Intl.DateTimeFormat('en-GB', { ...parts, ...times, timeZone: zone, hourCycle: 'h23' });
  }

  /** The day it is there, as `2026-11-26`. */
  dayOf(at: Date): string {
    return new Date(this.#localOf(at)).toISOString().slice(0, 10);
  }

  /** The week it is there, as `2026-W48` (ISO 8601). */
  weekOf(at: Date): string {
    const day = Date.parse(this.dayOf(at));
    const thursday = new Date(day + (3 - weekdayOf(day)) * dayMs);
    const year = thursday.getUTCFullYear();
    const week = 1 + Math.round((mondayOf(thursday.getTime()) - firstMonday(year)) / (7 * dayMs));
    return `${year}-W${String(week).padStart(2, '0')}`;
  }

  /** Midnight to midnight; undefined for a day that does not exist. */
  day(day: string): { from: Date; to: Date } | undefined {
    const local = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(day)) return undefined;
    return this.#span(local, 1);
  }

  /** Monday to Monday; undefined for a week that does not exist. */
  week(week: string): { from: Date; to: Date } | undefined {
    const [, year = '', number = ''] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
    const local = firstMonday(Number(year)) + (Number(number) - 1) * 7 * dayMs;
    // Some years have a week 53, and others have none.
    const span = year === '' ? undefined : this.#span(local, 7);
    return span && this.weekOf(span.from) === week ? span : undefined;
  }

  #span(local: number, days: number): { from: Date; to: Date } {
    return { from: this.#instantOf(local), to: this.#instantOf(local + days * dayMs) };
  }

  /** Where the clock is put forward at midnight the day begins an hour later; twice suffices to find the offset. */
  #instantOf(local: number): Date {
    const guess = local - this.#offsetAt(local);
    return new Date(local - this.#offsetAt(guess));
  }

  #offsetAt(instant: number): number {
    return this.#localOf(new Date(instant)) - instant;
  }

  /** The clock on the wall, as if the wall were in Greenwich. */
  #localOf(at: Date): number {
    const part = Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (at.getTime() % 1_000);
  }
}

/** Monday is 0. */
const weekdayOf = (day: number) => (new Date(day).getUTCDay() + 6) % 7;
const mondayOf = (day: number) => day - weekdayOf(day) * dayMs;
/** Of the week that has the fourth of January. */
const firstMonday = (year: number) => mondayOf(Date.UTC(year, 0, 4));
