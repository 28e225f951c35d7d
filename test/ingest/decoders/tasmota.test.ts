import { expect, test } from 'vitest';
import { listener, receivedAt } from './arrivals.ts';

const hear = listener('tasmota', [{ id: 'bridge-12', topicName: 'tasmota_3F2A10' }]);
const sensor = 'tele/tasmota_3F2A10/SENSOR';

test('a probe on a board: its own units, and the time of receipt where its clock has no zone', () => {
  const sent = {
    Time: '2026-11-21T09:00:00',
    BME280: { Temperature: 36.5, Humidity: 81.2, DewPoint: 32, Pressure: 1013.2 },
    PressureUnit: 'hPa',
    TempUnit: 'F',
  };
  expect(hear(sensor, sent)).toEqual({
    ok: true,
    message: {
      type: 'reading',
      device: 'bridge-12',
      at: receivedAt,
      receivedAt,
      values: { temperature: 2.5, humidity: 81.2, dewPoint: 0, pressure: 101_320 },
    },
    measured: { temperature: 2.5, humidity: 81.2, dewPoint: 0, pressure: 101_320 },
  });
});

test('of two thermometers the first counts, and a probe that is out of order does not silence the other', () => {
  const first = { Id: '0308944C', Temperature: -1.5 };
  const second = { Id: '0114556D', Temperature: 4 };
  const time = { Time: '2026-11-21T08:59:58+01:00', TempUnit: 'C' };
  expect(hear(sensor, { ...time, 'DS18B20-1': first, 'DS18B20-2': second })).toMatchObject({
    message: { at: new Date('2026-11-21T07:59:58Z') },
    measured: { temperature: -1.5 },
  });
  expect(hear(sensor, { ...time, 'DS18B20-1': { Temperature: null }, 'DS18B20-2': second })).toMatchObject({
    measured: { temperature: 4 },
  });
});

test('a state is of a board that is there; its signal is kept', () => {
  const sent = { Time: '2026-11-21T08:00:00Z', UptimeSec: 1_200, POWER: 'ON', Wifi: { AP: 1, RSSI: 76, Signal: -62 } };
  expect(hear('tele/tasmota_3F2A10/STATE', sent)).toMatchObject({
    message: { type: 'status', online: true, signal: -62 },
    measured: { signal: -62 },
  });
});

test.each([
  ['Online', true],
  ['Offline', false],
])('its will %s', (word, online) => {
  expect(hear('tele/tasmota_3F2A10/LWT', word)).toMatchObject({ message: { type: 'status', online, at: receivedAt } });
});

test.each([
  ['tele/tasmota_3F2A10/LWT', 'Sleeping', 'wrong-payload'],
  [sensor, 'hello', 'not-json'],
  [sensor, { DHT11: { Temperature: 'hot' } }, 'wrong-payload'],
  [sensor, { DHT11: { Temperature: 3 }, TempUnit: 'R' }, 'wrong-payload'],
  ['tele/tasmota_3F2A10/STATE', { Wifi: { Signal: 'good' } }, 'wrong-payload'],
])('on %s %o is refused', (topic, payload, reason) => {
  expect(hear(topic, payload)).toMatchObject({ ok: false, reason });
});

test('a board that measures nothing of ours is ignored', () => {
  const sent = { Time: '2026-11-21T08:00:00', ENERGY: { Total: 3.1, Power: 25 } };
  expect(hear(sensor, sent)).toEqual({ ok: false, reason: 'nothing-said', ignored: true });
});
