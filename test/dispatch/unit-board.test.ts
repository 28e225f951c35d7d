import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Unit } from '../../src/dispatch/unit.ts';
import { boardOf, onRoad, roads, start, units } from './world.ts';

const after = (seconds: number) => new Date(start + seconds * 1_000);

test('a unit nobody has heard of is off and nowhere', () => {
  expect(boardOf().get('xun7')).toEqual({
    id: 'xun7',
    name: '巡7',
    kind: 'patrol',
    status: 'off',
    online: false,
    area: 'west',
  });
  expect(boardOf().list()).toHaveLength(units.length);
  expect(boardOf().get('xun99')).toBeUndefined();
});

test('a position puts the unit on its road, carriageway and stake, and says so once', () => {
  const board = boardOf();
  const changed: Unit[] = [];
  board.on('changed', (unit) => changed.push(unit));
  const message = { ...onRoad('xun7', 1_432_300, 0), speed: 16.7, heading: 42.4, battery: 81, accuracy: 5 };
  board.position(message);
  board.position(message);
  expect(changed).toEqual([
    {
      id: 'xun7',
      name: '巡7',
      kind: 'patrol',
      status: 'free',
      online: true,
      position: message.point,
      heading: 42,
      speed: 16.7,
      battery: 81,
      at: '2026-11-21T02:47:00.000Z',
      road: 'G76',
      stake: 'K1432+300',
      carriageway: 'down',
      area: 'west',
    },
  ]);
  expect(board.refused).toEqual({ late: 1, 'null-island': 0, jump: 0 });
});

test('a message that overtook another is not taken back by it', () => {
  const board = boardOf();
  board.position(onRoad('xun7', 1_432_300, 10));
  board.position(onRoad('xun7', 1_432_200, 5));
  expect(board.get('xun7')).toMatchObject({ stake: 'K1432+300', at: after(10).toISOString() });
});

test('0/0 and jumps move nobody and are counted', () => {
  const board = boardOf();
  board.position(onRoad('xun7', 1_432_300, 0));
  board.position({ ...onRoad('xun7', 1_432_300, 5), point: { lat: 0, lon: 0 } });
  board.position(onRoad('xun7', 1_448_000, 10));
  expect(board.get('xun7')).toMatchObject({ stake: 'K1432+300', online: true });
  expect(board.refused).toEqual({ late: 0, 'null-island': 1, jump: 1 });
});

test('without a heading of its own a moving unit has the one it came by', () => {
  const board = boardOf();
  const median = (stakeMeters: number) => roads.pointAt('G76', stakeMeters) ?? { lat: 0, lon: 0 };
  board.position({ ...onRoad('xun7', 1_432_300, 0), point: median(1_432_300) });
  expect(board.get('xun7')?.heading).toBeUndefined();
  board.position({ ...onRoad('xun7', 1_432_100, 10), point: median(1_432_100) });
  expect(board.get('xun7')).toMatchObject({ heading: expect.closeTo(223, -1), carriageway: 'up' });
});

test('a unit with its own area keeps it, one without has the area it is in', () => {
  const board = boardOf();
  board.position(onRoad('xun7', 1_445_000, 0));
  board.position(onRoad('zheng1', 1_445_000, 0));
  expect(board.get('xun7')?.area).toBe('west');
  expect(board.get('zheng1')?.area).toBe('east');
});

test('a unit is found by the terminal it carries; strangers are ignored', () => {
  const board = boardOf();
  board.position(onRoad('radio-6', 1_434_000, 0));
  board.position(onRoad('lu6', 1_434_000, 0));
  board.position(onRoad('ws06', 1_434_000, 0));
  expect(board.get('lu6')).toMatchObject({ online: true, stake: 'K1434+000' });
  expect(board.terminalOf('lu6')).toBe('radio-6');
});

test('a last will takes a unit offline at once, its silence when the registry says so, a word brings it back', () => {
  const board = boardOf();
  board.position(onRoad('xun7', 1_432_300, 0));
  board.status({ device: 'xun7', at: after(5), online: false });
  expect(board.get('xun7')).toMatchObject({ online: false, stake: 'K1432+300', status: 'free' });
  board.status({ device: 'xun7', at: after(6), online: true, battery: 40 });
  expect(board.get('xun7')).toMatchObject({ online: true, battery: 40 });
  board.presence({ device: 'xun7', online: false });
  expect(board.get('xun7')).toMatchObject({ online: false, status: 'free' });
  board.position(onRoad('xun7', 1_432_300, 90));
  expect(board.get('xun7')?.online).toBe(true);
});

test('a unit whose terminal has only ever answered is there, and free', () => {
  const board = boardOf();
  board.presence({ device: 'radio-6', online: true });
  expect(board.get('lu6')).toMatchObject({ online: true, status: 'free' });
});

test('a status from before the newest one changes nothing', () => {
  const board = boardOf();
  board.status({ device: 'xun7', at: after(10), online: true, channel: '2', ptt: true });
  board.status({ device: 'xun7', at: after(2), online: false, channel: '1', ptt: false });
  expect(board.get('xun7')).toMatchObject({ online: true, channel: '2', ptt: true });
});

test('a unit carries what its terminal says of itself, and talks no longer than it is there', () => {
  const board = boardOf();
  board.status({ device: 'xun7', at: after(1), online: true, signal: -71, channel: '1', battery: 80, ptt: true });
  expect(board.get('xun7')).toMatchObject({ signal: -71, channel: '1', battery: 80, ptt: true });
  board.status({ device: 'xun7', at: after(2), online: true, signal: -80 });
  expect(board.get('xun7')).toMatchObject({ signal: -80, channel: '1', battery: 80 });
  expect(board.get('xun7')).not.toHaveProperty('ptt');
  board.status({ device: 'xun7', at: after(3), online: true, ptt: true });
  board.presence({ device: 'xun7', online: false });
  expect(board.get('xun7')).not.toHaveProperty('ptt');
});

test('what others know of a unit is part of it, and told when it changes', () => {
  const board = boardOf();
  const changed: Unit[] = [];
  board.on('changed', (unit) => changed.push(unit));
  board.note('xun7', { fences: ['west'] });
  board.note('xun7', { unread: 2 });
  board.note('xun7', { unread: 2 });
  expect(changed).toMatchObject([{ fences: ['west'] }, { fences: ['west'], unread: 2 }]);
  board.note('xun7', { fences: [], unread: 0 });
  expect(board.get('xun7')).not.toHaveProperty('unread');
  expect(board.get('xun7')).not.toHaveProperty('fences');
  board.note('xun99', { unread: 1 });
  expect(changed).toHaveLength(3);
});

test('only a fix that is taken is a move', () => {
  const board = boardOf();
  expect(board.position(onRoad('radio-6', 1_434_000, 10))).toMatchObject({ unit: 'lu6', fix: { at: after(10) } });
  expect(board.position(onRoad('radio-6', 1_434_000, 10))).toBeUndefined();
  expect(board.position(onRoad('radio-6', 1_434_100, 5))).toBeUndefined();
  expect(board.position(onRoad('radio-6', 1_448_000, 20))).toBeUndefined();
  expect(board.position(onRoad('ws06', 1_434_000, 30))).toBeUndefined();
});

test('after a restart units are where telemetry saw them last, but not online', async () => {
  await using board = boardOf(async () => [onRoad('xun7', 1_432_300, 0), onRoad('stranger', 1_432_300, 0)]);
  board.start();
  const [unit] = await once(board, 'changed', { signal: AbortSignal.timeout(2_000) });
  expect(unit).toMatchObject({ id: 'xun7', status: 'free', online: false, stake: 'K1432+300' });
});

test('what was said since the start is newer than what telemetry remembers', async () => {
  await using board = boardOf(async () => [onRoad('xun7', 1_432_300, 0)]);
  board.position(onRoad('xun7', 1_432_500, 10));
  board.start();
  await board.ready();
  expect(board.get('xun7')).toMatchObject({ stake: 'K1432+500', online: true });
  expect(board.refused.late).toBe(0);
});

test('without telemetry the board starts empty and works', async () => {
  await using board = boardOf(() => Promise.reject(new Error('no database')));
  board.start();
  await board.ready();
  board.position(onRoad('xun7', 1_432_500, 10));
  expect(board.get('xun7')?.online).toBe(true);
});

test('closing twice is safe', async () => {
  const board = boardOf();
  board.start();
  await board.close();
  await board.close();
});

test('a device names the unit that carries it', () => {
  const board = boardOf();
  expect(board.ofTerminal('radio-6')?.id).toBe('lu6');
  expect(board.ofTerminal('ws06')).toBeUndefined();
});

test('an assignment has a unit on its way and on scene, whatever its terminal says; afterwards it is free', () => {
  const board = boardOf();
  board.bind('xun7', 'en_route');
  board.position(onRoad('xun7', 1_432_300, 0));
  board.presence({ device: 'xun7', online: false });
  board.presence({ device: 'xun7', online: true });
  expect(board.get('xun7')).toMatchObject({ status: 'en_route', online: true });
  board.bind('xun7', 'on_scene');
  expect(board.get('xun7')).toMatchObject({ status: 'on_scene' });
  board.bind('xun7', 'none');
  expect(board.get('xun7')).toMatchObject({ status: 'free' });
});
