import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../shared/check-value.ts';
import { isTimezone } from '../shared/timezone.ts';
import { weeklyHoursKeys } from '../shared/weekly-hours.ts';
import { UnitKind } from './unit.ts';

const Name = Type.String({ minLength: 1, maxLength: 64 });
const Id = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  description: 'letters, digits, "_", "." and "-", at most 64',
});

/** One who can be sent. `terminal` is the device that says where it is: by default the one named like the unit. */
export const UnitConfig = Type.Object(
  {
    id: Id,
    name: Name,
    kind: UnitKind,
    terminal: Type.Optional(Id),
    skills: Type.Array(Name, { default: [], maxItems: 32 }),
    /** Whose unit it is, wherever it drives; without it, the area it is in. */
    area: Type.Optional(Name),
    /** When it is on duty; always unless told. */
    shift: Type.Optional(
      Type.Object(weeklyHoursKeys, {
        additionalProperties: false,
        description: 'when it is on duty: {weekdays, hours, timezone}',
      }),
    ),
    phone: Type.Optional(Type.String({ minLength: 1, maxLength: 32, description: 'a telephone number, in quotes' })),
  },
  { additionalProperties: false },
);
export type UnitConfig = Readonly<Static<typeof UnitConfig>>;

/** What `units.yaml` holds. */
export const UnitsFile = Type.Object(
  { units: Type.Array(UnitConfig, { default: [], maxItems: 10_000 }) },
  { additionalProperties: false },
);
export type UnitsFile = Static<typeof UnitsFile>;

const days = Type.Integer({ minimum: 1, maximum: 3_650, default: 90, description: 'days, from 1 up to 3650' });

/** `retention` of tianliang.yaml: how long it is known how units came and went, and what was written to them. */
export const RetentionConfig = Type.Object(
  { crossingDays: days, messageDays: days },
  { additionalProperties: false, default: {} },
);
export type RetentionConfig = Readonly<Static<typeof RetentionConfig>>;

/** What no schema can say about units.yaml: each id and each terminal belongs to one unit, and shifts are of a known time zone. */
export function unitIssues({ units }: { readonly units: readonly UnitConfig[] }): ValueIssue[] {
  const ids = units.map(({ id }) => id);
  const terminals = units.map(terminalOf);
  const ofShifts = units.flatMap(({ shift }, index) =>
    shift?.timezone === undefined || isTimezone(shift.timezone)
      ? []
      : [issue(index, ['shift', 'timezone'], 'expected an IANA time zone, like Asia/Shanghai')],
  );
  const repeated = units.flatMap((unit, index): ValueIssue[] => {
    if (ids.indexOf(unit.id) < index) return [issue(index, ['id'], 'expected an id that no other unit has')];
    if (terminals.indexOf(terminalOf(unit)) === index) return [];
    return [issue(index, [unit.terminal ? 'terminal' : 'id'], 'expected a terminal that no other unit carries')];
  });
  return [...repeated, ...ofShifts];
}

export const terminalOf = ({ id, terminal }: UnitConfig) => terminal ?? id;

const issue = (index: number, keys: readonly string[], message: string): ValueIssue => ({
  path: ['units', index, ...keys],
  at: 'value',
  message,
});
