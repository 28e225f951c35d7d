import { expect, test } from 'vitest';
import { isJam, standingOf } from '../../src/alerts/jam.ts';
import { mergeTarget } from '../../src/alerts/merge/merge-target.ts';
import { isNews, type Observation } from '../../src/alerts/observation.ts';
import { openDesk, second } from './alert-fixtures.ts';
import { north, open, person } from './merge/merge-fixtures.ts';

/** Vehicles that stand in a camera's lane, of a camera that knows no better place than its own. */
function stopped(camera: string, changes: Partial<Observation> = {}): Observation {
  return person(camera, {
    key: `stopped:${camera}:lane-1`,
    kind: 'vehicle-stopped',
    object: 'car',
    title: '车辆停在行车道',
    road: 'G76',
    carriageway: 'down',
    position: { ...north(0), errorMeters: 240 },
    ...changes,
  });
}

const far = { position: { ...north(700), errorMeters: 240 }, at: second(90) };
const jam = open(stopped('k1', { count: 4 }));
const one = open(stopped('k1'));

test.each([
  ['a vehicle that comes to stand near a jam, at the next camera', stopped('k2', far), jam, true],
  ['a lorry does, too', stopped('k2', { ...far, object: 'truck' }), jam, true],
  ['a jam near a vehicle that stands', stopped('k2', { ...far, count: 3 }), one, true],
  ['another lane of the same camera', stopped('k1', { key: 'stopped:k1:lane-2', at: second(90) }), jam, true],
  ['two that stop at the same moment at two cameras', stopped('k2', { ...far, at: second(30) }), one, true],
  ['two lanes of one camera at the same moment', stopped('k1', { key: 'stopped:k1:lane-2' }), one, true],
  ['one that has stood for long, and another', stopped('k2', far), one, false],
  [
    'one that has stood for long, and another lane',
    stopped('k1', { key: 'stopped:k1:lane-2', at: second(90) }),
    one,
    false,
  ],
  ['the other carriageway', stopped('k2', { ...far, carriageway: 'up' }), jam, false],
  ['another road', stopped('k2', { ...far, road: 'S211' }), jam, false],
  ['no road is known', stopped('k2', { ...far, road: undefined }), jam, false],
  ['farther than a kilometre', stopped('k2', { ...far, position: north(1_100) }), jam, false],
  ['two minutes after it was last seen', stopped('k2', { ...far, at: second(125) }), jam, false],
  ['another area', stopped('k2', { ...far, area: 'south' }), jam, false],
  ['somebody on foot beside it', person('k2', { ...far, road: 'G76', carriageway: 'down' }), jam, false],
  ['a jam somebody closed', stopped('k2', far), open(stopped('k1', { count: 4 }), { state: 'dismissed' }), false],
] as const)('%s', (...[, observation, alert, merges]) => {
  expect(mergeTarget(observation, [alert]) !== undefined).toBe(merges);
});

test('a jam over two cameras and two lanes is one alert with all who stand, and each place can be read', async () => {
  await using world = await openDesk({ refreshMs: 60_000 });
  const { id } = await world.desk.observe(stopped('k1'));
  const grown = await world.desk.observe(stopped('k1', { count: 3, at: second(4), title: '行车道拥堵，静止 3 辆' }));
  expect(grown).toMatchObject({ id, count: 3, title: '行车道拥堵，静止 3 辆' });
  await world.desk.observe(stopped('k1', { key: 'stopped:k1:lane-2', count: 2, at: second(20) }));
  const whole = await world.desk.observe(stopped('k2', far));
  expect(whole).toMatchObject({
    id,
    kind: 'vehicle-stopped',
    count: 6,
    title: '公路拥堵，静止 6 辆',
    reasons: [{ text: '同向车道共静止 6 辆，3 处', value: 6 }, {}],
    merged: [{ count: 3 }, { count: 2 }, { camera: 'k2' }],
  });
  expect((await world.desk.list()).items).toHaveLength(1);
  await world.desk.end('stopped:k1:lane-1', second(100));
  expect(await world.desk.get(id)).toMatchObject({ count: 3, title: '公路拥堵，静止 3 辆' });
  await world.desk.end('stopped:k1:lane-2', second(101));
  const last = await world.desk.get(id);
  expect(last).toMatchObject({ title: '车辆停在行车道', camera: 'k2', position: far.position });
  expect(last).not.toHaveProperty('count');
});

test('that it has become a jam is told at once; that one of three has left for a moment waits', () => {
  const refresh = (count: number | undefined) => stopped('k1', { at: second(5), count });
  expect([isJam(refresh(2)), isJam(refresh(3)), isJam(person('k1', { count: 9 }))]).toEqual([false, true, false]);
  expect([isNews(one.alert, refresh(3)), isNews(jam.alert, refresh(2)), isNews(jam.alert, refresh(5))]).toEqual([
    true,
    false,
    false,
  ]);
});

test('what two cameras see of one place is counted once, what two lanes of one camera hold is added', () => {
  const part = (camera: string, count: number, meters: number) => ({
    ...open(stopped(camera, { count: count > 1 ? count : undefined, position: north(meters) })).alert,
  });
  expect(standingOf([part('k1', 2, 0), part('k2', 3, 50)])).toEqual({ count: 3, places: 1 });
  expect(standingOf([part('k1', 2, 0), part('k1', 3, 50)])).toEqual({ count: 5, places: 2 });
  expect(standingOf([part('k1', 1, 0), part('k2', 4, 700)])).toEqual({ count: 5, places: 2 });
});
