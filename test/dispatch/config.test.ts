import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type UnitConfig, UnitsFile, unitIssues } from '../../src/dispatch/config.ts';
import { checkValue } from '../../src/shared/check-value.ts';

const unit = (id: string, terminal?: string): UnitConfig => ({
  id,
  name: id,
  kind: 'patrol',
  skills: [],
  ...(terminal && { terminal }),
});
const read = (path: string) => parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

test.each([
  ['config/units.yaml', 0],
  ['demo/config/units.yaml', 12],
])('%s is valid and holds %d units', (path, count) => {
  const checked = checkValue(UnitsFile, read(path));
  expect(checked).toMatchObject({ ok: true });
  if (!checked.ok) return;
  expect(checked.value.units).toHaveLength(count);
  expect(unitIssues(checked.value)).toEqual([]);
});

test('every mistake is named at once, with its place', () => {
  const checked = checkValue(UnitsFile, { units: [{ id: '巡7', name: '', kind: 'police', color: 'red' }] });
  expect(checked.ok).toBe(false);
  if (checked.ok) return;
  expect(checked.issues.map(({ path }) => path.join('.')).sort()).toEqual([
    'units.0.color',
    'units.0.id',
    'units.0.kind',
    'units.0.name',
  ]);
});

test('an id or a terminal belongs to one unit', () => {
  expect(unitIssues({ units: [unit('a'), unit('a')] })).toMatchObject([{ path: ['units', 1, 'id'] }]);
  expect(unitIssues({ units: [unit('a', 'r1'), unit('b', 'r1')] })).toMatchObject([{ path: ['units', 1, 'terminal'] }]);
  expect(unitIssues({ units: [unit('a', 'b'), unit('b')] })).toMatchObject([{ path: ['units', 1, 'id'] }]);
  expect(unitIssues({ units: [unit('a', 'r1'), unit('b')] })).toEqual([]);
});

test('a shift names its days, hours and time zone as a schedule does', () => {
  const checked = (shift: object) => checkValue(UnitsFile, { units: [{ id: 'a', name: 'a', kind: 'patrol', shift }] });
  expect(checked({ weekdays: ['fri'], hours: ['22:00-06:00'] }).ok).toBe(true);
  const wrong = checked({ weekdays: ['friday'], hours: ['22-6'], days: 1 });
  expect(wrong.ok ? [] : wrong.issues.map(({ path }) => path.join('.')).sort()).toEqual([
    'units.0.shift.days',
    'units.0.shift.hours.0',
    'units.0.shift.weekdays.0',
  ]);
  expect(unitIssues({ units: [{ ...unit('a'), shift: { timezone: 'Asia/Nowhere' } }] })).toMatchObject([
    { path: ['units', 0, 'shift', 'timezone'] },
  ]);
});
