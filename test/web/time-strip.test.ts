import { expect, test } from 'vitest';
import type { Incident } from '../../web/src/api/incident-shapes.ts';
import type { Alert } from '../../web/src/api/shapes.ts';
import { alertLimit, stripAlerts } from '../../web/src/timeline/strip-alerts.ts';
import { laneIncident, laneLimit, laneSteps } from '../../web/src/timeline/strip-lane.ts';
import { clampedX, stripMarks, stripX } from '../../web/src/timeline/strip-scale.ts';

const now = Date.parse('2026-11-26T02:47:18Z');
const minutes = (count: number) => new Date(now + count * 60_000).toISOString();
/** Ten pixels a minute, now at 300. */
const scale = { now, left: 0, right: 400 };
const alert = (id: string, ago: number, more: Partial<Alert> = {}): Alert => ({
  ...{
    id,
    seq: 1,
    version: 1,
    kind: 'ice',
    severity: 'minor',
    state: 'raised',
    at: minutes(-ago),
    title: id,
    reasons: [],
  },
  ...more,
});
const incident = (id: string, more: Partial<Incident>): Incident =>
  JSON.parse(JSON.stringify({ id, state: 'dispatched', times: {}, assignments: [], ...more }));

test('half an hour back and ten minutes ahead; what lies beyond stands at the edge', () => {
  expect([-30, 0, 10].map((count) => stripX(scale, Date.parse(minutes(count))))).toEqual([0, 300, 400]);
  expect([-90, 45].map((count) => clampedX(scale, Date.parse(minutes(count))))).toEqual([0, 400]);
});

test('five minutes of the clock are marked but where now is written', () => {
  const clocks = stripMarks({ ...scale, right: 900 }).map(({ at }) => new Date(at).toISOString().slice(11, 16));
  expect(clocks).toEqual(['02:20', '02:25', '02:30', '02:35', '02:40', '02:50', '02:55']);
});

test('alerts stand where they came; those too near are one, which shows the chosen or what waits most', () => {
  const alerts = [
    alert('old', 31),
    alert('taken', 10.5, { state: 'acknowledged', severity: 'critical' }),
    alert('waits', 10),
    alert('major', 9.8, { severity: 'major' }),
    alert('new', 1),
  ];
  const shown = (chosen?: string) => stripAlerts(alerts, scale, chosen).map((one) => [one.alert.id, one.count, one.x]);
  expect(shown()).toEqual([
    ['major', 3, 195],
    ['new', 1, 290],
  ]);
  expect(shown('taken')[0]).toEqual(['taken', 3, 195]);
});

test('a limit is when it is to be taken, then when it is to be handled, and none once it is closed', () => {
  const dueAt = minutes(2);
  const at = Date.parse(dueAt);
  expect(alertLimit(alert('a', 1, { dueAt }))).toEqual({ at, key: 'timeline.take' });
  expect(alertLimit(alert('a', 1, { dueAt, state: 'acknowledged' }))).toEqual({ at, key: 'timeline.handle' });
  expect(alertLimit(alert('a', 1, { state: 'acknowledged' }))).toBeUndefined();
  expect(alertLimit(alert('a', 1, { dueAt, state: 'confirmed' }))).toBeUndefined();
});

test('the lane is of the chosen incident, else of the one whose time is up first', () => {
  const known = new Map(
    [
      incident('late', { dueAt: minutes(9) }),
      incident('soon', { dueAt: minutes(3) }),
      incident('done', { dueAt: minutes(1), state: 'handled' }),
      incident('free', {}),
    ].map((one) => [one.id, one]),
  );
  expect(['late', undefined, 'unknown'].map((chosen) => laneIncident(known, chosen)?.id)).toEqual([
    'late',
    'soon',
    'soon',
  ]);
  expect(laneIncident(new Map(), undefined)).toBeUndefined();
  expect(['soon', 'done', 'free'].map((id) => laneLimit(known.get(id) ?? incident('', {})))).toEqual([
    ...[Date.parse(minutes(3)), undefined, undefined],
  ]);
});

test('what the desk and the units did stands in the order in which it was done', () => {
  const times = { dispatched: minutes(-4), delivered: minutes(-3.9), accepted: minutes(-3), arrived: minutes(-1) };
  const assignment = { id: 's', unit: 'xun7', state: 'arrived', by: '', at: '', acceptBy: '', times } as const;
  const one = incident('a', { times: { received: minutes(-5), handled: minutes(-0.5) }, assignments: [assignment] });
  expect(laneSteps(one).map((step) => ('unit' in step ? `${step.unit} ${step.step}` : step.state))).toEqual([
    ...['received', 'xun7 dispatched', 'xun7 accepted', 'xun7 arrived', 'handled'],
  ]);
});
