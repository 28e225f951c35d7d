import { expect, test } from 'vitest';
import type { RejectCause } from '../../../src/dispatch/candidates/candidate.ts';
import { type Asked, findingsOf } from '../../../src/dispatch/candidates/fitness.ts';
import type { Sendable } from '../../../src/dispatch/candidates/sendable.ts';
import { WeekClocks } from '../../../src/shared/weekly-hours.ts';

/** A Saturday, 01:30 in Shanghai. */
const at = new Date('2026-11-27T17:30:00Z');
const minutesAgo = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
const seenAt = (when: Date) => ({ at: when, sight: { point: { lat: 27, lon: 105 } } });
const free: Sendable = {
  id: 'xun7',
  kind: 'patrol',
  status: 'free',
  online: true,
  skills: ['warning-cones', 'tow'],
  area: 'west',
  seen: seenAt(minutesAgo(1)),
};
const { seen: _seen, ...unseen } = free;
const areaName = (id: string) => (id === 'east' ? '东段' : id);
const asked: Asked = { wanted: {}, area: 'west', areaName, at, clocks: new WeekClocks(), oldPositionMs: 600_000 };
const nights = { weekdays: ['fri' as const], hours: ['22:00-06:00'] };

test.each<{ unit: Partial<Sendable>; wanted?: Asked['wanted']; rejected?: RejectCause; text: string }>([
  { unit: {}, text: '空闲' },
  { unit: { status: 'off', online: false }, rejected: 'never-heard', text: '终端从未上线' },
  { unit: { online: false }, rejected: 'offline', text: '终端离线' },
  { unit: { status: 'en_route' }, rejected: 'busy', text: '正在赶往另一处现场' },
  { unit: { status: 'on_scene' }, rejected: 'busy', text: '正在另一处现场处置' },
  { unit: { seen: seenAt(minutesAgo(12)) }, rejected: 'old-position', text: '位置为 12分0秒前上报，门限 10分0秒' },
  { unit: { shift: nights }, text: '在班（周五 22:00-06:00）' },
  { unit: { shift: { ...nights, weekdays: ['sat'] } }, rejected: 'off-shift', text: '不在班（周六 22:00-06:00）' },
  { unit: { shift: { hours: ['08:00-18:00'] } }, rejected: 'off-shift', text: '不在班（08:00-18:00）' },
  { unit: { shift: { hours: ['16:00-18:00'], timezone: 'UTC' } }, text: '在班（16:00-18:00）' },
  { unit: { kind: 'road' }, wanted: { kinds: ['patrol', 'rescue'] }, rejected: 'kind', text: '属路政，需巡逻、救援' },
  { unit: {}, wanted: { skills: ['tow'] }, text: '具备 tow' },
  { unit: {}, wanted: { skills: ['tow', 'crane'] }, rejected: 'skills', text: '缺 crane' },
  { unit: {}, text: '本辖区' },
  { unit: { area: 'east' }, text: '跨辖区：属辖区 东段，现场在 west' },
  { unit: { area: 'east' }, wanted: { areas: ['west'] }, rejected: 'area', text: '属辖区 东段，需 west' },
])('$text', ({ unit, wanted = {}, rejected, text }) => {
  const findings = findingsOf({ ...free, ...unit }, { ...asked, wanted });
  const said = findings.find(({ reason }) => reason.text === text);
  expect(said?.rejected).toBe(rejected);
  expect(said).toBeDefined();
  expect(findings.flatMap((finding) => finding.rejected ?? [])).toEqual(rejected ? [rejected] : []);
});

test('a unit that never said where it is cannot be sent', () => {
  expect(findingsOf(unseen, asked)).toContainEqual({ rejected: 'no-position', reason: { text: '从未报过位置' } });
});

test('a unit without an area is asked for one only where some are wanted', () => {
  const { area: _area, ...anywhere } = free;
  expect(findingsOf(anywhere, asked).map(({ reason }) => reason.text)).toEqual(['空闲']);
  const [, ofArea] = findingsOf(anywhere, { ...asked, wanted: { areas: ['west'] } });
  expect(ofArea).toEqual({ rejected: 'area', reason: { text: '无辖区，需 west' } });
});

test('all that speaks against a unit is said, with what was measured', () => {
  const wanted = { skills: ['crane'], areas: ['east'] };
  const findings = findingsOf({ ...free, online: false, seen: seenAt(minutesAgo(30)) }, { ...asked, wanted });
  expect(findings.flatMap(({ rejected }) => rejected ?? [])).toEqual(['offline', 'old-position', 'skills', 'area']);
  expect(findings[1]?.reason).toMatchObject({ value: 1_800, limit: 600, unit: 's' });
});
