import { expect, test } from 'vitest';
import type { Device } from '../src/ingest/device.ts';
import { weatherNear } from '../src/weather-near.ts';

const now = new Date('2026-11-26T08:00:00.000Z');
const place = { lat: 27.3, lon: 105.29 };

function station(id: string, more: Partial<Device> = {}): Device {
  const position = { lat: 27.3, lon: 105.3 };
  const values = { visibility: 180.44, humidity: 96, wind: 5 };
  return { id, kind: 'sensor', name: id, position, online: true, at: '2026-11-26T07:59:00.000Z', values, ...more };
}

test('the weather is that of the nearest station, with what it measures of it', () => {
  const far = station('far', { position: { lat: 27.32, lon: 105.29 } });
  const weather = weatherNear([far, station('near')], place, now);
  expect(weather).toEqual({ station: 'near', meters: 988, at: '2026-11-26T07:59:00.000Z', visibility: 180.4, wind: 5 });
});

test.each<[string, Partial<Device>]>([
  ['too far away', { position: { lat: 27.36, lon: 105.29 } }],
  ['too far to the west', { position: { lat: 27.3, lon: 105.2 } }],
  ['silent for an hour', { at: '2026-11-26T07:00:00.000Z' }],
  ['no station of weather', { values: { humidity: 90 } }],
  ['broken', { values: { visibility: Number.NaN } }],
  ['a terminal', { kind: 'terminal' }],
])('a station that is %s says nothing', (_, more) => {
  expect(weatherNear([station('one', more)], place, now)).toBeUndefined();
});

test('a station that is nowhere says nothing', () => {
  const { position: _nowhere, ...unplaced } = station('one');
  expect(weatherNear([unplaced], place, now)).toBeUndefined();
});
