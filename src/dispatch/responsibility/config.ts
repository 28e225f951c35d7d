import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../../shared/check-value.ts';
import type { CsvShape } from '../../shared/csv-source.ts';
import { Severity } from '../incidents/incident.ts';
import { CalendarConfig } from './working-days.ts';

const Word = Type.String({ minLength: 1, maxLength: 64 });

/** One row of the matrix: whose work it is. What it leaves out it does not ask for. */
export const ResponsibilityRow = Type.Object(
  {
    id: Type.Optional(Word),
    kind: Type.Optional(Word),
    area: Type.Optional(Word),
    /** Whose the thing is. */
    owner: Type.Optional(Word),
    department: Word,
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 525_600 })),
    workingDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 250 })),
    severity: Type.Optional(Severity),
  },
  { additionalProperties: false },
);
export type ResponsibilityRow = Readonly<Static<typeof ResponsibilityRow>>;

const Rows = Type.Array(ResponsibilityRow, { default: [], maxItems: 20_000 });
const Include = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { default: [], maxItems: 100 });

/** What `responsibility.yaml` holds. */
export const ResponsibilityFile = Type.Object(
  { calendar: CalendarConfig, rows: Rows, include: Include },
  { additionalProperties: false },
);

/** What a file that it includes holds; a CSV file has nothing but rows. */
export const ResponsibilityRows = Type.Object({ rows: Rows }, { additionalProperties: false });

/** The matrix and its calendar, all files together. */
export interface Responsibility {
  readonly calendar: CalendarConfig;
  readonly rows: readonly ResponsibilityRow[];
}

/** A row has one deadline, or none. */
export function rowIssues({ rows }: { readonly rows: readonly ResponsibilityRow[] }): ValueIssue[] {
  return rows.flatMap(({ minutes, workingDays }, index): ValueIssue[] =>
    minutes === undefined || workingDays === undefined
      ? []
      : [{ path: ['rows', index, 'workingDays'], at: 'value', message: 'expected minutes or workingDays, not both' }],
  );
}

export function calendarIssues({ calendar }: { readonly calendar: CalendarConfig }): ValueIssue[] {
  const wrong = (key: 'holidays' | 'workdays') =>
    calendar[key].flatMap((day, index): ValueIssue[] =>
      isDay(day) ? [] : [{ path: ['calendar', key, index], at: 'value', message: 'expected a day that exists' }],
    );
  const zone: ValueIssue = {
    path: ['calendar', 'zone'],
    at: 'value',
    message: 'expected a time zone like Asia/Shanghai',
  };
  return [...wrong('holidays'), ...wrong('workdays'), ...(isZone(calendar.zone) ? [] : [zone])];
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The columns that a CSV file of rows may have, in any order. */
export const responsibilityCsv: CsvShape = {
  list: 'rows',
  columns: {
    id: { path: ['id'] },
    kind: { path: ['kind'] },
    area: { path: ['area'] },
    owner: { path: ['owner'] },
    department: { path: ['department'] },
    minutes: { path: ['minutes'], read: numberOf },
    workingDays: { path: ['workingDays'], read: numberOf },
    severity: { path: ['severity'] },
  },
};

/** What is no number stays text, for the schema to say what was expected. */
function numberOf(text: string): number | string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
