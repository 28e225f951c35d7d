import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen } from '../../../src/dispatch/incidents/assignment-state.ts';
import { type Incident, type IncidentStateName, incidentStates } from '../../../src/dispatch/incidents/incident.ts';
import type { IncidentMove, Mover } from '../../../src/dispatch/incidents/incident-move.ts';
import { allowedIn, nextIncident, settled } from '../../../src/dispatch/incidents/incident-state.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { incidentOf } from './incident-fixtures.ts';

const at = '2026-11-26T08:00:00.000Z';
const by: Mover = { id: 's1', name: '席1', at };
const patrol: Mover = { id: 'p7', name: '巡7', unit: 'xun7', at };

const sent = (id: string, unit: string): IncidentMove => ({
  type: 'dispatch',
  assignment: { id, unit, state: 'dispatched', by: '席1', at, acceptBy: at, times: { dispatched: at } },
});
const through = (moves: readonly IncidentMove[], from = incidentOf()) =>
  moves.reduce((incident, move) => nextIncident(incident, move, by), from);

const assign: IncidentMove = { type: 'assign', department: '住建局' };
const step = (type: 'accept' | 'arrive' | 'complete', assignment = 'a1'): IncidentMove => ({ type, assignment });
const onScene = [assign, sent('a1', 'xun7'), step('accept'), step('arrive')];
const feedback: IncidentMove = { type: 'feedback', text: '已更换' };
const whole = [...onScene, feedback, { type: 'verify' }, { type: 'close' }] satisfies IncidentMove[];

test('the story goes through every state in order', () => {
  const states = whole.map((_, count) => through(whole.slice(0, count)).state);
  expect([...states, through(whole).state]).toEqual([...incidentStates]);
});

const wayTo = (state: IncidentStateName) => whole.slice(0, incidentStates.indexOf(state));
const tried: readonly IncidentMove[] = [
  { type: 'assign', department: '城管局', reason: '不归我们' },
  { type: 'joint', departments: ['水务局'] },
  { type: 'review', departments: ['住建局', '城管局'], because: { text: '待会商' } },
  sent('a2', 'lu6'),
  step('accept'),
  { type: 'decline', assignment: 'a1', reason: '车坏了' },
  { type: 'recall', assignment: 'a1', reason: '误派' },
  feedback,
  { type: 'verify' },
  { type: 'close', reason: '恶作剧' },
  { type: 'reopen', reason: '又坏了' },
  { type: 'escalate', reason: '太久' },
  { type: 'explain', reason: '等配件' },
  { type: 'photo', photo: 'p1' },
  { type: 'merge', into: 'i2' },
  { type: 'absorb', part: incidentOf({ id: 'i3' }) },
  { type: 'press', stage: 'remind' },
  { type: 'propose', late: ['a1'] },
];

test.each(tried.map((move) => [move.type, move] as const))(
  '%s is refused in every state that does not allow it',
  (type, move) => {
    for (const state of incidentStates) {
      const from = through(wayTo(state));
      const moved = (() => {
        try {
          return nextIncident(from, move, { ...by, id: 's2' });
        } catch (error) {
          return error instanceof AppError ? error.code : error;
        }
      })();
      const isAllowed = allowedIn[type].includes(state);
      if (!isAllowed) expect(moved).toBe('INCIDENT_MOVE_REFUSED');
      else expect(moved).not.toBe('INCIDENT_MOVE_REFUSED');
    }
  },
);

test('a refusal and a recall take the incident back to where it was', () => {
  const declined: IncidentMove = { type: 'decline', assignment: 'a1', reason: '车坏了' };
  expect(through([sent('a1', 'xun7'), declined]).state).toBe('received');
  expect(
    through([assign, sent('a1', 'xun7'), step('accept'), { type: 'recall', assignment: 'a1', reason: '误派' }]),
  ).toMatchObject({
    state: 'assigned',
    assignments: [{ state: 'recalled', reason: '误派' }],
  });
});

test('with the last unit that completes it is handled, not before', () => {
  const two = [...onScene, sent('a2', 'lu6'), step('arrive', 'a2')];
  expect(through([...two, step('complete')]).state).toBe('on_scene');
  expect(through([...two, step('complete'), step('complete', 'a2')])).toMatchObject({
    state: 'handled',
    handledBy: { id: 's1' },
  });
});

test("a patrol reports of its own work; a seat's report ends all of it", () => {
  const two = through([...onScene, sent('a2', 'lu6')]);
  const reported = nextIncident(two, feedback, patrol);
  expect(reported.assignments.map(({ state }) => state)).toEqual(['completed', 'dispatched']);
  expect(reported).toMatchObject({ state: 'dispatched', feedback: [{ text: '已更换', unit: 'xun7' }] });
  expect(() => nextIncident(two, feedback, { ...patrol, unit: 'lu6' })).toThrow('lu6 has not arrived');
  expect(() => nextIncident(through([assign]), feedback, { ...patrol, unit: '' })).toThrow('has not arrived');
  expect(nextIncident(two, feedback, by)).toMatchObject({
    state: 'handled',
    assignments: [{ state: 'completed' }, { state: 'completed' }],
  });
});

test('to hand over, and to close what nobody has handled, needs a reason', () => {
  expect(() => through([assign, { type: 'assign', department: '城管局' }])).toThrow('needs a reason');
  expect(() => through([assign, { type: 'close' }])).toThrow('needs a reason');
  expect(through([{ type: 'close', reason: '恶作剧' }])).toMatchObject({ state: 'closed', closeReason: '恶作剧' });
});

test('a repeated move changes nothing; a second unit of the same name is busy', () => {
  for (const moves of [onScene.slice(0, 1), onScene.slice(0, 3), onScene, whole]) {
    const there = through(moves);
    expect(nextIncident(there, moves.at(-1) ?? assign, by)).toBe(there);
  }
  expect(() => through([sent('a1', 'xun7'), sent('a2', 'xun7')])).toThrow('on an assignment already');
});

test('what is opened again has its work before it, and may be handled, verified and closed anew', () => {
  const reopened = through([...whole, { type: 'reopen', reason: '又坏了', deadline: { dueAt: at, remindAt: at } }]);
  expect(reopened).toMatchObject({ state: 'assigned', reopened: 1, dueAt: at });
  expect(Object.keys(reopened.times)).not.toContain('closed');
  expect(reopened.handledBy ?? reopened.verifiedBy ?? reopened.closedBy).toBeUndefined();
  expect(through([feedback, { type: 'verify' }, { type: 'close' }], reopened).state).toBe('closed');
});

test("a terminal's receipts climb, fill in what was lost, and never fail", () => {
  const receipt = (state: 'delivered' | 'read' | 'accepted' | 'declined' | 'arrived' | 'completed'): IncidentMove => ({
    type: 'receipt',
    assignment: 'a1',
    receipt: { state, at },
  });
  const told = through([sent('a1', 'xun7'), receipt('delivered'), receipt('read'), receipt('accepted')]);
  expect(told).toMatchObject({
    state: 'accepted',
    assignments: [{ times: { delivered: at, read: at, accepted: at } }],
  });
  expect(nextIncident(told, receipt('read'), by)).toBe(told);
  expect(through([receipt('completed')], told)).toMatchObject({
    state: 'handled',
    assignments: [{ times: { arrived: at, completed: at } }],
  });
  const again = through([...whole.slice(1), { type: 'reopen', reason: '又坏了' }]);
  expect(nextIncident(again, receipt('completed'), by)).toBe(again);
  const recalled = through([{ type: 'recall', assignment: 'a1', reason: '误派' }], told);
  expect(nextIncident(recalled, receipt('arrived'), by)).toBe(recalled);
  expect(through([sent('a1', 'xun7'), receipt('declined')])).toMatchObject({
    state: 'received',
    assignments: [{ reason: '终端拒绝' }],
  });
});

const anyMove: fc.Arbitrary<IncidentMove> = fc.oneof(
  fc.constantFrom(...tried),
  fc.constantFrom(...whole),
  fc
    .tuple(fc.constantFrom('accept', 'arrive', 'complete', 'decline', 'recall'), fc.constantFrom('a1', 'a2'))
    .map(([type, assignment]) => ({ type, assignment, reason: 'r' }) as IncidentMove),
  fc.tuple(fc.uuid(), fc.constantFrom('xun7', 'lu6')).map(([id, unit]) => sent(id, unit)),
);

function invariants(incident: Incident): void {
  const open = incident.assignments.filter(isOpen);
  expect(settled(incident, at).state).toBe(incident.state);
  expect(new Set(open.map(({ unit }) => unit)).size).toBe(open.length);
  if (['handled', 'verified', 'closed'].includes(incident.state)) expect(open).toEqual([]);
  if (['dispatched', 'accepted', 'on_scene'].includes(incident.state)) expect(open.length).toBeGreaterThan(0);
  if (incident.state === 'assigned') expect(incident.department).toBeDefined();
  if (incident.state === 'verified') expect(incident.handledBy).toBeDefined();
  expect(incident.times[incident.state]).toBeDefined();
}

test('whatever is done in whatever order, the incident stays possible and a refusal leaves it as it was', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
      let incident = incidentOf();
      for (const move of moves) {
        const before = structuredClone(incident);
        try {
          incident = nextIncident(incident, move, by);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(incident).toEqual(before);
        }
        invariants(incident);
      }
    }),
    { numRuns: 150 },
  );
});
