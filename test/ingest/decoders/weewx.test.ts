import { expect, test } from 'vitest';
import { listener, receivedSeconds } from './arrivals.ts';

const hear = listener('weewx', [{ id: 'ws06', topicName: 'weather' }, { id: 'ws07' }]);
const dateTime = receivedSeconds - 3;

test('with units in the names each value becomes ours', () => {
  const sent = {
    dateTime: `${dateTime}.0`,
    usUnits: '1.0',
    outTemp_F: '62.6',
    dewpoint_F: '32.0',
    outHumidity: '81.0',
    windSpeed_mph: '10.0',
    windGust_mph: '20.0',
    windDir: '225.0',
    rainRate_inch_per_hour: '0.5',
    pressure_inHg: '26.5',
    barometer_inHg: '29.9',
    visibility_mile: '0.25',
    rxCheckPercent: '98.7',
  };
  expect(hear('weather/loop', sent)).toEqual({
    ok: true,
    message: expect.objectContaining({ type: 'reading', device: 'ws06', at: new Date(dateTime * 1_000) }),
    measured: {
      temperature: 17,
      dewPoint: 0,
      humidity: 81,
      wind: 4.4704,
      gust: 8.9408,
      windDirection: 225,
      rain: 12.7,
      pressure: 89739.3085,
      visibility: 402.336,
    },
  });
});

test.each([
  ['metric', { outTemp_C: 2.5, windSpeed_kph: 36, barometer_mbar: 1013.2, rainRate_cm_per_hour: 0.2 }],
  ['metricwx', { outTemp_C: 2.5, windSpeed_mps: 10, barometer_hPa: 1013.2, rainRate_mm_per_hour: 2 }],
  ['of its second kind', { outTemp_C: 2.5, windSpeed_mps2: 10, barometer_mbar: 1013.2, rainRate_mm_per_hour: 2 }],
])('suffixes that are %s mean the same', (_, sent) => {
  expect(hear('ws07/archive', { dateTime, ...sent })).toMatchObject({
    measured: { temperature: 2.5, wind: 10, pressure: 101_320, rain: 2 },
  });
});

test.each([
  [1, { outTemp: 36.5, windSpeed: 22.369362920544, rainRate: 0.07874015748031 }],
  [16, { outTemp: 2.5, windSpeed: 36, rainRate: 0.2 }],
  [17, { outTemp: 2.5, windSpeed: 10, rainRate: 2 }],
])('without suffixes usUnits %i says what they are', (usUnits, sent) => {
  expect(hear('weather/ws07/loop', { dateTime, usUnits, ...sent })).toMatchObject({
    message: { device: 'ws07' },
    measured: { temperature: 2.5, wind: 10, rain: 2 },
  });
});

test('a value whose unit nobody said is left out, and named', () => {
  expect(hear('ws07/loop', { dateTime, outTemp: 40, outHumidity: 60 })).toMatchObject({
    ok: true,
    measured: { humidity: 60 },
    faults: [{ pointer: '/outTemp', expected: 'a unit that can be turned into °C' }],
  });
});

test('a probe without a value is no fault; one with a text is', () => {
  expect(hear('ws07/loop', { dateTime, usUnits: 17, outTemp: null, windSpeed: 'calm', windDir: 90 })).toEqual({
    ok: true,
    message: expect.anything(),
    measured: { windDirection: 90 },
    faults: [{ pointer: '/windSpeed', expected: 'a number' }],
  });
});

test.each([
  ['no time', { outTemp_C: 3 }, 'wrong-time'],
  ['nothing measured', { dateTime, interval: 5 }, 'wrong-payload'],
  ['a list', [1], 'wrong-payload'],
  ['no JSON', 'hello', 'not-json'],
])('%s is refused', (_, ...[sent, reason]) => {
  expect(hear('ws07/loop', sent)).toMatchObject({ ok: false, reason });
});
