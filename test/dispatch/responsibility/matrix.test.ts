import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import type { ResponsibilityRow } from '../../../src/dispatch/responsibility/config.ts';
import { ResponsibilityMatrix } from '../../../src/dispatch/responsibility/matrix.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const calendar = {
  zone: 'Asia/Shanghai',
  week: ['mon', 'tue', 'wed', 'thu', 'fri'] as const,
  holidays: [],
  workdays: [],
};
const matrixOf = (rows: readonly ResponsibilityRow[]) =>
  new ResponsibilityMatrix({ rows, calendar: { ...calendar, week: [...calendar.week] } });
const thursday = new Date('2026-11-26T15:19:00+08:00');

const rows: ResponsibilityRow[] = [
  { kind: 'manhole', department: '住建局', workingDays: 2 },
  { kind: 'manhole', area: 'west', owner: 'water', department: '水务局', minutes: 120, severity: 'major' },
  { kind: 'cable', owner: 'telecom', department: '电信公司' },
  { kind: 'cable', owner: 'power', department: '供电局' },
  { id: 'T7', kind: 'lamp', area: 'west', department: '城管局' },
  { kind: 'lamp', owner: 'highway', department: '公路局' },
];

test('the row that asks for most has it, says which it is and by when', () => {
  const matrix = matrixOf(rows);
  expect(matrix.judge({ kind: 'manhole', area: 'west', owner: 'water' }, thursday)).toMatchObject({
    type: 'one',
    department: '水务局',
    severity: 'major',
    deadline: { dueAt: '2026-11-26T09:19:00.000Z', remindAt: '2026-11-26T08:49:00.000Z' },
    because: { text: '权责清单第 2 行：manhole、west、water → 水务局，120 分钟' },
  });
  expect(matrix.judge({ kind: 'manhole', area: 'east' }, thursday)).toMatchObject({
    department: '住建局',
    deadline: { dueAt: '2026-11-30T07:19:00.000Z', remindAt: '2026-11-29T07:19:00.000Z' },
  });
  expect(matrix.judge({ kind: 'flood' }, thursday)).toEqual({ type: 'nobody' });
});

test('rows that fit equally well and name different departments are a dispute, and so is an owner that nobody knows', () => {
  const matrix = matrixOf(rows);
  expect(matrix.judge({ kind: 'lamp', area: 'west', owner: 'highway' }, thursday)).toMatchObject({
    type: 'disputed',
    departments: ['城管局', '公路局'],
    because: { text: '权责清单 T7、权责清单第 6 行指向不同部门（城管局、公路局），待会商' },
  });
  expect(matrix.judge({ kind: 'cable' }, thursday)).toMatchObject({
    type: 'disputed',
    departments: ['电信公司', '供电局'],
  });
  expect(matrix.judge({ kind: 'cable', owner: 'power' }, thursday)).toMatchObject({
    type: 'one',
    department: '供电局',
  });
  expect(matrix.judge({ kind: 'cable', owner: 'nobody we know' }, thursday)).toEqual({ type: 'nobody' });
});

test('456 rows come from YAML and CSV together; what is wrong is named with its place', async () => {
  await using dir = await tempDir();
  const csv = Array.from({ length: 455 }, (_, n) => `kind-${n},west,,部门${n % 9},,${1 + (n % 5)}`);
  const yaml = 'rows:\n  - { kind: manhole, department: 住建局, minutes: 30 }\ninclude: [matrix.csv]\n';
  await writeFile(join(dir.path, 'responsibility.yaml'), yaml);
  await writeFile(join(dir.path, 'matrix.csv'), ['kind,area,owner,department,minutes,workingDays', ...csv].join('\n'));
  const { responsibility, include } = await loadConfig(dir.path, {});
  expect(responsibility.rows).toHaveLength(456);
  expect(include).toEqual(['matrix.csv']);
  const verdict = new ResponsibilityMatrix(responsibility).judge({ kind: 'kind-3', area: 'west' }, thursday);
  expect(verdict).toMatchObject({ department: '部门3', because: { text: expect.stringContaining('第 5 行') } });

  const mistakes = async () => String(await loadConfig(dir.path, {}).catch((thrown: unknown) => thrown));
  await writeFile(join(dir.path, 'matrix.csv'), 'kind,department,minutes,workingDays\nlamp,,30,');
  expect(await mistakes()).toContain('matrix.csv:2:6');
  await writeFile(join(dir.path, 'matrix.csv'), 'kind,department,minutes,workingDays\nlamp,城管局,30,2');
  expect(await mistakes()).toContain('expected minutes or workingDays, not both');
  const calendarFile = 'calendar: { zone: Mars/Olympus, holidays: ["2026-02-30"] }\n';
  await writeFile(join(dir.path, 'responsibility.yaml'), calendarFile);
  expect(await mistakes()).toMatch(
    /responsibility.yaml:1:19 calendar.zone expected a time zone[\s\S]*expected a day that exists/,
  );
});
