import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDividedRoad } from '../demo/simulators/devices/divided-road.ts';
import { sensorRulesOf } from '../src/alerts/config.ts';
import { AlertDesk } from '../src/alerts/desk.ts';
import { SensorRules } from '../src/alerts/rules/sensor-rules.ts';
import { UnitBoard } from '../src/dispatch/unit-board.ts';
import { Ingest } from '../src/ingest/ingest.ts';
import { takeMessage } from '../src/message-effects.ts';
import { systemActor } from '../src/shared/actor.ts';
import { silentLog } from '../src/shared/log.ts';
import { openStore } from '../src/store/store.ts';
import { buildTerminals } from '../src/terminals.ts';
import { root } from './helpers/program.ts';
import { tempDir } from './helpers/temp-dir.ts';
import { jt808, jt808Devices, logIn, wholeSecond, xun3 } from './ingest/jt808/terminal.ts';
import { ingestOptions, until } from './ingest/rig.ts';

/** The part of the house that a terminal's message passes through. */
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
  const rules = new SensorRules(sensorRulesOf({ rules: [] }));
  const center = { lat: 27, lon: 105 };
  const taken: string[] = [];
  const ingest: Ingest = new Ingest({
    ...ingestOptions(dir.path, { devices: jt808Devices, jt808 }),
    onMessage: async (message) => {
      await takeMessage({ ...house, registry: ingest.registry }, message);
      taken.push(message.type);
    },
  });
  const retention = { crossingDays: 90, messageDays: 90 };
  const config = { areas: { type: 'FeatureCollection' as const, features: [] }, units: [], tianliang: { retention } };
  const house = {
    desk,
    find,
    units,
    ...buildTerminals({ config, store, board: units, ingest, log: silentLog }),
    dispatcher: { receipt: async () => {} },
    sos: { open: async () => {} },
    rules,
    center,
  };
  ingest.registry.on('changed', ({ id, online }) => units.presence({ device: id, online }));
  await ingest.start();
  await house.downlink.start();
  const close = async () => {
    await house.downlink.close();
    await ingest.close();
    await desk.close();
    await store.close();
    await dir[Symbol.asyncDispose]();
  };
  return { ingest, units, desk, downlink: house.downlink, taken, [Symbol.asyncDispose]: close };
}

test('a terminal drives and its unit moves; its button raises one alert a press, where it is or last was', async () => {
  await using house = await openHouse();
  await using terminal = await logIn(house.ingest);
  expect(await terminal.report({ at: wholeSecond(60), lat: 27.3, lon: 105.29, speed: 36, heading: 90 })).toBe(0);
  await until('the unit', () => house.units.get('xun7')?.position !== undefined);
  expect(house.units.get('xun7')).toMatchObject({ online: true, heading: 90, speed: expect.closeTo(10, 6) });

  for (const ago of [50, 45, 40]) await terminal.report({ at: wholeSecond(ago), lat: 0, lon: 0, emergency: true });
  await terminal.report({ at: wholeSecond(35), lat: 27.301, lon: 105.291 });
  for (const ago of [30, 25])
    await terminal.report({ at: wholeSecond(ago), lat: 27.302, lon: 105.292, emergency: true });
  // Each report with the bit is a call and a position, or the word that the terminal is there.
  await until('all', () => house.taken.length === 12);
  const alerts = (await house.desk.open()).toSorted((one, other) => one.at.localeCompare(other.at));
  expect(alerts).toMatchObject([
    { kind: 'sos', severity: 'critical', title: '巡7 求助', position: { lat: expect.closeTo(27.3, 6) } },
    { kind: 'sos', severity: 'critical', unit: 'xun7', position: { lat: expect.closeTo(27.302, 6) } },
  ]);
});

test('a terminal that drives along the road takes its unit with it', async () => {
  await using house = await openHouse();
  await using terminal = await logIn(house.ingest);
  const road = await readDividedRoad(join(root, 'demo/config/roads.geojson'), 'G76');
  const stop = new AbortController();
  const beat = {
    fromMeters: 1_428_000,
    toMeters: 1_434_000,
    startMeters: 1_430_200,
    carriageway: 'down',
    cruise: 17,
  } as const;
  const driving = terminal.drive({ beat, road, everyMs: 200, signal: stop.signal });
  await until('a place', () => house.units.get('xun7')?.position !== undefined);
  const { position } = house.units.get('xun7') ?? {};
  await until('another place', () => house.units.get('xun7')?.position?.lat !== position?.lat, 15_000);
  stop.abort();
  await driving;
});

test('what a seat writes waits for the terminal, is shown on it, and counts as delivered once it says so', async () => {
  await using house = await openHouse();
  const message = { unit: 'xun7', title: '前往 K1432+300', text: '行人' };
  const { id, state } = await house.downlink.send(message, { actor: systemActor });
  expect(state).toBe('queued');
  await using terminal = await logIn(house.ingest);
  await terminal.report({ at: wholeSecond(), lat: 27.3, lon: 105.29 });
  await until('shown', () => terminal.texts.length > 0, 20_000);
  expect(terminal.texts[0]).toBe('前往 K1432+300 行人');
  const delivered = async () => {
    const messages = await house.downlink.page({ unit: 'xun7', limit: 10 });
    return messages.some((one) => one.id === id && one.state === 'delivered');
  };
  await until('delivered', delivered, 20_000);
});

test('a terminal without a unit that never knew where it is calls from the middle of the map', async () => {
  await using house = await openHouse();
  await using terminal = await logIn(house.ingest, xun3);
  await terminal.report({ at: wholeSecond(), lat: 27.3, lon: 105.29, located: false, emergency: true });
  await until('the alert', async () => (await house.desk.open()).length === 1);
  expect(await house.desk.open()).toMatchObject([{ kind: 'sos', title: '巡3 求助', position: { lat: 27, lon: 105 } }]);
});
