import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { DeviceMessage } from '../../src/ingest/device-message.ts';
import { DeviceRegistry } from '../../src/ingest/device-registry.ts';

const t0 = Date.parse('2026-11-21T08:00:00.000Z');
const time = (seconds: number) => new Date(t0 + seconds * 1_000);
const stamp = (device: string, seconds: number) => ({ device, at: time(seconds), receivedAt: time(seconds) });
const position = (seconds: number, lat: number): DeviceMessage => ({
  type: 'position',
  ...stamp('xun7', seconds),
  point: { lat, lon: 105 },
});
const status = (seconds: number, online: boolean): DeviceMessage => ({
  type: 'status',
  ...stamp('xun7', seconds),
  online,
  battery: 50,
});
const reading = (seconds: number, values: Record<string, number>): DeviceMessage => ({
  type: 'reading',
  ...stamp('ws01', seconds),
  values,
});

const registry = () =>
  new DeviceRegistry([
    { id: 'xun7', password: 'p', kind: 'terminal', name: '巡7', area: 'east' },
    {
      id: 'ws01',
      password: 'p',
      kind: 'sensor',
      interval: '10s',
      position: { lat: 27, lon: 105 },
      road: { id: 'G76', stake: 'K1432+300' },
    },
  ]);

test('a device begins as it is configured, offline', () => {
  expect(registry().list()).toEqual([
    { id: 'xun7', kind: 'terminal', name: '巡7', area: 'east', online: false },
    {
      id: 'ws01',
      kind: 'sensor',
      name: 'ws01',
      position: { lat: 27, lon: 105 },
      road: 'G76',
      stake: 'K1432+300',
      online: false,
    },
  ]);
});

test('what it says is what is known of it, and changes are told', async () => {
  const devices = registry();
  const changed = once(devices, 'changed', { signal: AbortSignal.timeout(1_000) });
  devices.hear(position(0, 27.1));
  devices.hear(status(1, true));
  const told = { position: { lat: 27.1, lon: 105 }, online: true, battery: 50, at: time(1).toISOString() };
  expect(await changed).toMatchObject([told]);
  expect(devices.get('xun7')).toMatchObject(told);
});

test('what comes late fills in what is missing and moves nothing back (T27)', () => {
  const devices = registry();
  devices.hear(position(3_600, 27.2));
  devices.hear(position(0, 27.1));
  expect(devices.get('xun7')).toMatchObject({ position: { lat: 27.2 }, at: time(3_600).toISOString() });
  devices.hear(reading(100, { visibility: 180 }));
  devices.hear(reading(50, { visibility: 900, wind: 3 }));
  expect(devices.get('ws01')?.values).toEqual({ visibility: 180, wind: 3 });
});

test('a last will takes it offline; the next word brings it back', () => {
  const devices = registry();
  devices.hear(position(0, 27.1));
  devices.hear(status(1, false));
  expect(devices.get('xun7')?.online).toBe(false);
  devices.hear(position(2, 27.1));
  expect(devices.get('xun7')?.online).toBe(true);
});

test('silence takes it offline: a minute, or three of its intervals', () => {
  const devices = registry();
  devices.hear(position(0, 27.1));
  devices.hear(reading(0, { visibility: 180 }));
  devices.sweep(t0 + 30_000);
  expect(devices.list().map(({ online }) => online)).toEqual([true, true]);
  devices.sweep(t0 + 30_001);
  expect(devices.list().map(({ online }) => online)).toEqual([true, false]);
  devices.sweep(t0 + 60_001);
  expect(devices.list().map(({ online }) => online)).toEqual([false, false]);
});

test('silence goes by our clock, not by theirs', () => {
  const devices = registry();
  devices.hear({ ...position(0, 27.1), at: time(-3_600), skewedAt: time(-3_600) });
  devices.sweep(t0 + 30_000);
  expect(devices.get('xun7')).toMatchObject({ online: true, skewSeconds: -3_600 });
  devices.hear(position(10, 27.1));
  expect(devices.get('xun7')).not.toHaveProperty('skewSeconds');
});

test('after a restart it knows what was stored, and who has been silent since', () => {
  const devices = registry();
  const stored = (device: string, seconds: number, values: Record<string, number>) =>
    Object.entries(values).map(([measurement, value]) => {
      const at = t0 + seconds * 1_000;
      return { device, measurement, value, at, receivedAt: at };
    });
  const terminal = stored('xun7', 0, { lat: 27.1, lon: 105.1, battery: 40 });
  devices.restore(
    [...terminal, ...stored('ws01', 55, { visibility: 180 }), ...stored('gone', 0, { lat: 1 })],
    t0 + 61_000,
  );
  expect(devices.get('xun7')).toMatchObject({ position: { lat: 27.1, lon: 105.1 }, battery: 40, online: false });
  expect(devices.get('ws01')).toMatchObject({ values: { visibility: 180 }, online: true });
});

test('another list of devices: those that stay keep what they said, new ones are there, others are told as gone', () => {
  const devices = registry();
  devices.hear(position(0, 27.3));
  devices.hear(reading(0, { temperature: 3 }));
  const gone: string[] = [];
  devices.on('removed', ({ id }) => gone.push(id));
  const added = devices.replace([
    { id: 'xun7', password: 'other', kind: 'terminal', name: '巡七', area: 'west' },
    { id: 'ws02', password: 'p', kind: 'sensor' },
  ]);
  expect([[...added], gone]).toEqual([['ws02'], ['ws01']]);
  expect(devices.list()).toMatchObject([
    { id: 'xun7', name: '巡七', area: 'west', online: true, position: { lat: 27.3, lon: 105 } },
    { id: 'ws02', online: false },
  ]);
  devices.hear(reading(1, { temperature: 4 }));
  expect(devices.get('ws01')).toBeUndefined();
});

test('a change of an entry is told, a new password alone is nobody else’s business', async () => {
  const devices = new DeviceRegistry([
    { id: 'a', password: 'p', kind: 'sensor' },
    { id: 'b', password: 'p', kind: 'sensor' },
  ]);
  const told: string[] = [];
  devices.on('changed', ({ id }) => told.push(id));
  devices.replace([
    { id: 'a', password: 'q', kind: 'sensor' },
    { id: 'b', password: 'p', kind: 'sensor', name: 'B' },
  ]);
  await devices.close();
  expect(told).toEqual(['b']);
});

test('what was a sensor and is a terminal now is another device', () => {
  const devices = registry();
  devices.hear(reading(0, { temperature: 3 }));
  const added = devices.replace([{ id: 'ws01', password: 'p', kind: 'terminal' }]);
  expect([...added]).toEqual(['ws01']);
  expect(devices.get('ws01')).toEqual({ id: 'ws01', kind: 'terminal', name: 'ws01', online: false });
});
