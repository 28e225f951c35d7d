import { expect, test } from 'vitest';
import type { Alert } from '../../web/src/api/shapes.ts';
import { dayFigures } from '../../web/src/queue/day-figures.ts';
import { filterQueue, openQueue, tidings } from '../../web/src/queue/queue-order.ts';
import { nextTone, takenOf } from '../../web/src/sound/next-tone.ts';
import { neighbourOf, nextUntaken } from '../../web/src/wall/next-alert.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id,
  seq: 1,
  version: 1,
  kind: 'ice',
  severity: 'minor',
  state: 'raised',
  at: at(0),
  title: id,
  reasons: [],
  ...more,
});
const mine = { id: 'me', name: '席3', at: at(20) };
const taken = (id: string, due: number) => alert(id, { state: 'acknowledged', acknowledgedBy: mine, dueAt: at(due) });
const list = [
  taken('owned-late', 50),
  alert('minor-old'),
  alert('critical', { severity: 'critical', at: at(30) }),
  taken('owned-soon', 40),
  alert('minor-new', { at: at(5) }),
  alert('closed', { state: 'dismissed', closedBy: mine }),
];
const ids = (alerts: readonly Alert[]) => alerts.map(({ id }) => id);

test('untaken come first by severity then age, the owned by nearest deadline, closed ones not at all', () => {
  expect(ids(openQueue(list))).toEqual(['critical', 'minor-old', 'minor-new', 'owned-soon', 'owned-late']);
});

test('filters show the untaken or what this seat has taken', () => {
  const queue = openQueue(list);
  expect(ids(filterQueue(queue, 'untaken', 'me'))).toEqual(['critical', 'minor-old', 'minor-new']);
  expect(ids(filterQueue(queue, 'mine', 'me'))).toEqual(['owned-soon', 'owned-late']);
  expect(filterQueue(queue, 'mine', 'other')).toEqual([]);
});

test('keys step through the list and to the next untaken from any place', () => {
  const queue = openQueue(list);
  expect(neighbourOf(queue, undefined, 1)?.id).toBe('critical');
  expect(neighbourOf(queue, 'owned-late', 1)?.id).toBe('owned-late');
  expect(nextUntaken(queue, 'critical')?.id).toBe('minor-old');
  expect(nextUntaken(queue, 'owned-soon')?.id).toBe('critical');
});

test('the day counts what was closed, dismissed, late, and how long taking took', () => {
  const day = dayFigures(list, Date.parse(at(0)), Date.parse(at(61)));
  expect(day).toEqual({ closed: 1, meanTakeMs: 20_000, falseAlarms: 1, overdue: 3 });
});

test('the worst untaken sounds, quiet covers neither critical nor SOS', () => {
  const now = { now: 0, quiet: false };
  const major = alert('m', { severity: 'major' });
  const sos = alert('s', { severity: 'critical', kind: 'sos' });
  const critical = alert('c', { severity: 'critical' });
  expect(nextTone([major, critical, sos], new Map(), now)?.tone).toBe('sos');
  expect(nextTone([major], new Map(), { now: 0, quiet: true })).toBeUndefined();
  expect(nextTone([critical], new Map(), { now: 0, quiet: true })?.tone).toBe('critical');
});

test('critical repeats every eight seconds until taken, major once after thirty', () => {
  const critical = alert('c', { severity: 'critical' });
  const major = alert('m', { severity: 'major' });
  const heard = new Map([
    ['c', { at: 0, times: 9 }],
    ['m', { at: 0, times: 2 }],
  ]);
  expect(nextTone([critical], heard, { now: 7_999, quiet: false })).toBeUndefined();
  expect(nextTone([critical], heard, { now: 8_000, quiet: false })?.alert.id).toBe('c');
  expect(nextTone([major], heard, { now: 90_000, quiet: false })).toBeUndefined();
  expect(nextTone([{ ...critical, state: 'acknowledged' }], new Map(), { now: 0, quiet: false })).toBeUndefined();
});

test('told of is what is new or has become worse and waits for somebody, not what became milder', () => {
  const known = new Map([
    ['same', 'minor'],
    ['worse', 'minor'],
    ['milder', 'critical'],
    ['mine', 'minor'],
  ] as const);
  const queue = [
    alert('new'),
    alert('same'),
    alert('worse', { severity: 'major' }),
    alert('milder', { severity: 'major' }),
    alert('mine', { severity: 'major', state: 'acknowledged' }),
  ];
  expect(ids(tidings(queue, known))).toEqual(['new', 'worse']);
});

test('what somebody takes is heard anew when it is untaken again', () => {
  expect(takenOf([alert('a'), taken('b', 40)])).toEqual(['b']);
});
