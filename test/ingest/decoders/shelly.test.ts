import { expect, test } from 'vitest';
import { listener, receivedAt } from './arrivals.ts';

const hear = listener('shelly', [{ id: 'ht1', topicName: 'shellyht-7A3C01' }, { id: 'plus1' }]);

test.each([
  ['shellies/shellyht-7A3C01/sensor/temperature', '2.50', { temperature: 2.5 }],
  ['shellies/shellyht-7A3C01/sensor/humidity', '81.0', { humidity: 81 }],
  ['shellies/shellyht-7A3C01/sensor/battery', '92', { battery: 92 }],
  ['plus1/status/temperature:0', { id: 0, tC: 2.5, tF: 36.5 }, { temperature: 2.5 }],
  ['plus1/status/humidity:0', { id: 0, rh: 81.2 }, { humidity: 81.2 }],
  [
    'plus1/status/devicepower:0',
    { id: 0, battery: { V: 5.86, percent: 88 }, external: { present: false } },
    { battery: 88 },
  ],
])('%s', (topic, payload, measured) => {
  expect(hear(topic, payload)).toMatchObject({ ok: true, message: { type: 'reading', at: receivedAt }, measured });
});

test.each([
  ['shellies/shellyht-7A3C01/online', 'true', 'ht1', true],
  ['shellies/shellyht-7A3C01/online', 'false', 'ht1', false],
  ['plus1/online', 'true', 'plus1', true],
  ['plus1/online', 'false', 'plus1', false],
])('%s says %s', (topic, ...[payload, device, online]) => {
  expect(hear(topic, payload)).toMatchObject({ message: { type: 'status', device, online } });
});

test.each([
  ['shellies/shellyht-7A3C01/sensor/flood', 'false'],
  ['shellies/shellyht-7A3C01/sensor/temperature', '999'],
  ['plus1/status/switch:0', { id: 0, output: true, temperature: { tC: 44 } }],
  ['plus1/status/temperature:0', { id: 0, tC: null, tF: null, errors: ['read'] }],
])('on %s %o is of no use and no fault', (topic, payload) => {
  expect(hear(topic, payload)).toEqual({ ok: false, reason: 'nothing-said', ignored: true });
});

test.each([
  ['shellies/shellyht-7A3C01/sensor/temperature', 'warm', 'wrong-payload'],
  ['plus1/status/temperature:0', 'warm', 'not-json'],
  ['plus1/status/temperature:0', { tC: 'warm' }, 'wrong-payload'],
  ['plus1/online', 'perhaps', 'wrong-payload'],
])('on %s %o is refused', (topic, payload, reason) => {
  expect(hear(topic, payload)).toMatchObject({ ok: false, reason });
});
