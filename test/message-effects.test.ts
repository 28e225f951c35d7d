import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sensorRulesOf } from '../src/alerts/config.ts';
import { AlertDesk } from '../src/alerts/desk.ts';
import { SensorRules } from '../src/alerts/rules/sensor-rules.ts';
import { Downlink } from '../src/dispatch/downlink/downlink.ts';
import { FenceWatch } from '../src/dispatch/fences/fence-watch.ts';
import { UnitBoard } from '../src/dispatch/unit-board.ts';
import { DeviceRegistry } from '../src/ingest/device-registry.ts';
import { takeMessage } from '../src/message-effects.ts';
import { silentLog } from '../src/shared/log.ts';
import { openStore } from '../src/store/store.ts';
import { tempDir } from './helpers/temp-dir.ts';

const password = 'device-password';
const at = new Date('2026-11-21T02:47:00.000Z');
const stamp = { at, receivedAt: at };

async function openHouse() {
  const dir = await tempDir();
  const store = await openStore(join(dir.path, 'operations.sqlite'));
  const desk = new AlertDesk({ store, log: silentLog });
  const find = <T>(given: T) => ({ ...given, road: 'G76', stake: 'K1432+300', area: 'west' });
  const units = new UnitBoard({
    units: [{ id: 'xun7', name: '巡7', kind: 'patrol', skills: [] }],
    find,
    latest: async () => [],
    log: silentLog,
  });
  const house = {
    desk,
    find,
    registry: new DeviceRegistry([
      { id: 'xun7', kind: 'terminal', password },
      { id: 'ws06', kind: 'sensor', name: 'K1432+900 station', password, position: { lat: 27.3, lon: 105.29 } },
      { id: 'ws99', kind: 'sensor', password },
    ]),
    units,
    fences: new FenceWatch({ fences: [], units: [], board: units, store }),
    dispatcher: { receipt: async () => {} },
    sos: { open: async () => {} },
    downlink: new Downlink({ store, board: units, courier: { deliver: async () => {} }, log: silentLog }),
    rules: new SensorRules(sensorRulesOf({ rules: [] })),
    center: { lat: 27, lon: 105 },
  };
  const close = async () => {
    await desk.close();
    await store.close();
    await dir[Symbol.asyncDispose]();
  };
  return { ...house, [Symbol.asyncDispose]: close };
}

test('a reading under the limit raises an alert at the station, and one far above it ends it', async () => {
  await using house = await openHouse();
  const reading = { type: 'reading', device: 'ws06', ...stamp } as const;
  await takeMessage(house, { ...reading, values: { visibility: 150 } });
  const [alert] = await house.desk.open();
  expect(alert).toMatchObject({ kind: 'low-visibility', sensor: 'ws06', position: { lat: 27.3 }, stake: 'K1432+300' });
  for (const seconds of [60, 120]) {
    const later = new Date(at.getTime() + seconds * 1_000);
    await takeMessage(house, { ...reading, at: later, receivedAt: later, values: { visibility: 2_000 } });
  }
  expect((await house.desk.get(alert?.id ?? '')).endedAt).toBeDefined();
});

test('a station nobody has placed raises nothing: an alert without a place helps nobody', async () => {
  await using house = await openHouse();
  const find = () => ({});
  const reading = { type: 'reading', device: 'ws99', ...stamp, values: { visibility: 20 } } as const;
  await takeMessage({ ...house, find }, reading);
  expect(await house.desk.open()).toEqual([]);
});

test('an SOS is raised once however often it is delivered, where it says, else where its unit was last', async () => {
  await using house = await openHouse();
  await takeMessage(house, { type: 'position', device: 'xun7', ...stamp, point: { lat: 27.31, lon: 105.3 } });
  const sos = { type: 'sos', device: 'xun7', ...stamp } as const;
  for (let delivery = 0; delivery < 3; delivery += 1) await takeMessage(house, { ...sos, key: 'first' });
  await takeMessage(house, { ...sos, key: 'second', point: { lat: 27.4, lon: 105.4 } });
  const alerts = (await house.desk.open()).toSorted((a, b) => a.position.lat - b.position.lat);
  expect(alerts).toMatchObject([
    { kind: 'sos', severity: 'critical', title: '巡7 求助', position: { lat: 27.31 }, stake: 'K1432+300' },
    { kind: 'sos', position: { lat: 27.4, lon: 105.4 } },
  ]);
});

test('an SOS of a terminal that never said where it is stands in the middle of the map', async () => {
  await using house = await openHouse();
  await takeMessage(house, { type: 'sos', key: 'k', device: 'xun7', ...stamp });
  expect(await house.desk.open()).toMatchObject([{ kind: 'sos', position: { lat: 27, lon: 105 } }]);
});

test('a receipt settles the message it names, and one of no message is counted', async () => {
  await using house = await openHouse();
  const actor = { id: 's1', name: '席1', role: 'seat', areas: 'all' } as const;
  const { id } = await house.downlink.send({ unit: 'xun7', title: '前往 K1432+300' }, { actor });
  const receipt = { type: 'receipt', device: 'xun7', ...stamp, state: 'read' } as const;
  await takeMessage(house, { ...receipt, assignment: id });
  await takeMessage(house, { ...receipt, assignment: 'nothing' });
  expect(await house.downlink.page({ unit: 'xun7', limit: 10 })).toMatchObject([{ id, state: 'read' }]);
  expect(house.downlink.counts()).toEqual({ open: 0, unknown: 1, foreign: 0, late: 0 });
});

test('a place a terminal calls for help from is where its unit is, and crosses the fence around it', async () => {
  await using house = await openHouse();
  const moved: unknown[] = [];
  const fences = Object.assign(house.fences, { moved: async (move: unknown) => void moved.push(move) });
  const point = { lat: 27.4, lon: 105.4 };
  await takeMessage({ ...house, fences }, { type: 'sos', key: 'k', device: 'xun7', ...stamp, point });
  expect(house.units.get('xun7')).toMatchObject({ position: point });
  expect(moved).toMatchObject([{ unit: 'xun7', fix: { point } }]);
});
