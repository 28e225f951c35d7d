import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Unit } from '../../src/dispatch/unit.ts';
import type { Device } from '../../src/ingest/device.ts';
import type { Caller } from '../helpers/caller.ts';
import { connectDevice, type TestDevice, until } from '../ingest/rig.ts';
import { startCounty } from './county/county-site.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const home = { lat: 27.3, lon: 105.29 };
/** As far as one goes in ten hours at 500 km/h. */
const abroad = { lat: 40, lon: 116 };

const iso = (ms: number) => new Date(ms).toISOString();
const wrongClocks: readonly (readonly [name: string, at: (now: number) => string])[] = [
  ['a day behind', (now) => iso(now - dayMs)],
  ['a day ahead', (now) => iso(now + dayMs)],
  ['1970', () => '1970-01-01T00:00:00Z'],
  ['2099', () => '2099-01-01T00:00:00Z'],
];

const unitOf = (caller: Caller) => caller.get<Unit>('/units/terminal-0');
/** Whatever is published before is on the board once a status of this battery is. */
async function settled(caller: Caller, terminal: TestDevice, battery: number): Promise<Unit> {
  await terminal.publish('tianliang/terminals/terminal-0/status', { battery });
  await until('the status', async () => (await unitOf(caller)).battery === battery, 10_000);
  return await unitOf(caller);
}

interface Stored {
  readonly at: number;
  readonly received: number;
}

function storedReadings(file: string): Stored[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const sql = `SELECT at, received FROM series JOIN points ON points.series = series.id
               WHERE device = 'station-0' AND measurement = 'visibility' ORDER BY value`;
  const rows = database.prepare(sql).all();
  database.close();
  return rows.map(({ at, received }) => ({ at: Number(at), received: Number(received) }));
}

test('T27: whatever the clock and the place say, the last place stands, both times are kept and an SOS is heard', async () => {
  await using server = await startCounty({ terminals: 1, stations: 1, sensors: 0 });
  const caller = await server.seat();
  const url = `mqtt://127.0.0.1:${server.mqttPort}`;
  await using terminal = await connectDevice(url, 'terminal-0');
  await using station = await connectDevice(url, 'station-0');
  const move = (at: string, place: object) =>
    terminal.publish('tianliang/terminals/terminal-0/position', { at, ...place });

  await move(iso(Date.now() - 1_000), home);
  expect((await settled(caller, terminal, 1)).position).toEqual(home);
  await move(iso(Date.now() - hourMs), { lat: 27.31, lon: 105.3 });
  await move(iso(Date.now()), { lat: 91, lon: 105.3 });
  await move(iso(Date.now()), { lat: 0, lon: 0 });
  await move(iso(Date.now()), abroad);
  expect((await settled(caller, terminal, 2)).position).toEqual(home);
  // A wrong clock gives way to ours: the place is the newest, and the next one is newer still.
  for (const [index, [name, at]] of wrongClocks.slice(1).entries()) {
    const place = { ...home, lat: Number((home.lat + (index + 1) / 1e4).toFixed(6)) };
    await move(at(Date.now()), place);
    expect((await settled(caller, terminal, 3 + index)).position, name).toEqual(place);
  }
  await move(iso(Date.now()), home);
  expect((await settled(caller, terminal, 9)).position).toEqual(home);

  const sentAt = Date.now();
  const leap = `${iso(sentAt).slice(0, 17)}60Z`;
  const claims = [...wrongClocks.map(([, at]) => at(sentAt)), iso(sentAt - hourMs), leap, iso(sentAt)];
  const isFlagged = async () => (await caller.get<Device>('/devices/station-0')).skewSeconds !== undefined;
  for (const [index, at] of claims.entries()) {
    await station.publish('tianliang/sensors/station-0/reading', { at, values: { visibility: 5_000 + index } });
    if (index === wrongClocks.length - 1) await until('the flag', isFlagged);
  }
  await until('the flag gone', async () => !(await isFlagged()));
  await until('stored', () => storedReadings(server.telemetryFile).length === claims.length);
  const stored = storedReadings(server.telemetryFile);
  const claimed = claims.map((at) => (at === leap ? Date.parse(`${leap.slice(0, 17)}59.999Z`) : Date.parse(at)));
  expect(stored.map(({ at }) => at)).toEqual(claimed);
  expect(stored.filter(({ received }) => received < sentAt || received > Date.now())).toEqual([]);

  const calls = [
    { at: iso(Date.now()), lat: 91, lon: 'east', text: 'one' },
    { at: '1970-01-01T00:00:00Z', lat: 0, lon: 0 },
    'help',
  ];
  for (const call of calls) await terminal.publish('tianliang/terminals/terminal-0/sos', call);
  const heard = async () =>
    (await caller.get<{ items: Alert[] }>('/alerts')).items.filter(({ kind }) => kind === 'sos');
  await until('the calls', async () => (await heard()).length === calls.length, 10_000);
  console.log('T27', { readings: stored.length, calls: (await heard()).length });
});
