import { expect, test } from 'vitest';
import type { Alert, Unit } from '../../web/src/api/shapes.ts';
import { readMessage } from '../../web/src/live/contract.ts';
import { applyAlert, applyMessage, emptyWorld } from '../../web/src/live/world.ts';

const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id,
  seq: 1,
  version: 1,
  kind: 'ice',
  severity: 'minor',
  state: 'raised',
  at: '2026-01-01T00:00:00.000Z',
  title: 'ice',
  reasons: [],
  ...more,
});
const event = (seq: number, data: Alert) => ({ type: 'event', topic: 'alerts', seq, at: data.at, data }) as const;

test('a snapshot fills its topic and moves the resume point', () => {
  const world = applyMessage(emptyWorld, { type: 'snapshot', topic: 'alerts', items: [alert('a')], seq: 7 });
  expect([world.seq, [...world.alerts.keys()], [...world.loaded]]).toEqual([7, ['a'], ['alerts']]);
});

test('an event seen before changes nothing, a newer one does', () => {
  const first = applyMessage(emptyWorld, event(5, alert('a')));
  expect(applyMessage(first, event(5, alert('a', { state: 'acknowledged' })))).toBe(first);
  const later = applyMessage(first, event(6, alert('a', { state: 'acknowledged', version: 2 })));
  expect([later.seq, later.alerts.get('a')?.state]).toEqual([6, 'acknowledged']);
});

test('replayed events arrive in order and none is lost between two connections', () => {
  const before = applyMessage(emptyWorld, { type: 'snapshot', topic: 'alerts', items: [alert('a')], seq: 3 });
  const after = [4, 5, 6].reduce((world, seq) => applyMessage(world, event(seq, alert(`b${seq}`))), before);
  expect([...after.alerts.keys()]).toEqual(['a', 'b4', 'b5', 'b6']);
  expect(after.seq).toBe(6);
});

const unit = (id: string, status: Unit['status']): Unit => ({ id, name: id, kind: 'patrol', status, online: true });

test('conflated units are merged by id and do not move the resume point', () => {
  const first = applyMessage(emptyWorld, {
    type: 'snapshot',
    topic: 'units',
    items: [unit('x', 'free'), unit('y', 'free')],
    seq: 9,
  });
  const next = applyMessage(first, { type: 'event', topic: 'units', at: '', data: [unit('y', 'on_scene')] });
  expect([...next.units.values()].map(({ status }) => status)).toEqual(['free', 'on_scene']);
  expect(next.seq).toBe(0);
});

test('whether the detector sees is told as a snapshot, then as it turns', () => {
  const saysOk = { type: 'snapshot', topic: 'health', items: [{ id: 'detector', state: 'ok' }], seq: 0 } as const;
  const turns = { type: 'event', topic: 'health', at: '', data: [{ id: 'detector', state: 'blind' }] } as const;
  const world = applyMessage(emptyWorld, saysOk);
  expect([world.health.get('detector')?.state, applyMessage(world, turns).health.get('detector')?.state]).toEqual([
    'ok',
    'blind',
  ]);
});

test('what is removed leaves the wall', () => {
  const units = [unit('x', 'free'), unit('y', 'free')];
  const first = applyMessage(emptyWorld, { type: 'snapshot', topic: 'units', items: units, seq: 0 });
  const next = applyMessage(first, { type: 'event', topic: 'units', at: '', data: [{ id: 'x', removed: true }] });
  expect([...next.units.keys()]).toEqual(['y']);
});

test('an answer to an action is applied only when it is newer than the event that overtook it', () => {
  const world = applyMessage(emptyWorld, event(5, alert('a', { version: 3, state: 'confirmed' })));
  expect(applyAlert(world, alert('a', { version: 2, state: 'acknowledged' }))).toBe(world);
  expect(applyAlert(world, alert('a', { version: 4 })).alerts.get('a')?.version).toBe(4);
});

test('a fresh snapshot of alerts keeps closed ones for the day figures and drops what is gone', () => {
  const closed = applyMessage(emptyWorld, event(1, alert('old', { state: 'dismissed' })));
  const open = applyMessage(closed, event(2, alert('gone')));
  const world = applyMessage(open, { type: 'snapshot', topic: 'alerts', items: [alert('new')], seq: 9 });
  expect([...world.alerts.keys()]).toEqual(['old', 'new']);
});

test('a page open for weeks forgets the oldest closed alerts', () => {
  let world = emptyWorld;
  for (let seq = 1; seq <= 620; seq += 1)
    world = applyMessage(world, event(seq, alert(`a${seq}`, { state: 'confirmed' })));
  expect(world.alerts.size).toBe(500);
  expect(world.alerts.has('a620')).toBe(true);
});

test('frames that this page does not know are left alone', () => {
  expect(readMessage('{"type":"pong","t":3,"at":""}')).toEqual({ type: 'pong', t: 3, at: '' });
  expect(readMessage('{"type":"news"}')).toBeUndefined();
  expect(readMessage('{"type":"snapshot","topic":"weather","items":[]}')).toBeUndefined();
  expect(readMessage('not json')).toBeUndefined();
  expect(readMessage(new ArrayBuffer(2))).toBeUndefined();
});
