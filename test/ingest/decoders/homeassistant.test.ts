import { expect, test } from 'vitest';
import { listener, receivedAt } from './arrivals.ts';

const devices = [{ id: 'k12', topicName: 'k12_bridge' }, { id: 'outside' }];
const base = 'homeassistant/sensor';

test('a bare state is in the unit that came before it', () => {
  const hear = listener('homeassistant', devices);
  expect(hear(`${base}/k12_bridge_temperature/unit_of_measurement`, '"°F"')).toEqual({
    ok: false,
    reason: 'attribute',
    ignored: true,
  });
  expect(hear(`${base}/k12_bridge_temperature/state`, '36.5')).toEqual({
    ok: true,
    message: { type: 'reading', device: 'k12', at: receivedAt, receivedAt, values: { temperature: 2.5 } },
    measured: { temperature: 2.5 },
  });
});

test('without one it is in ours, and one entity says nothing of another', () => {
  const hear = listener('homeassistant', devices);
  hear(`${base}/k12_bridge_wind_speed/unit_of_measurement`, '"km/h"');
  expect(hear(`${base}/k12_bridge_temperature/state`, '2.5')).toMatchObject({ measured: { temperature: 2.5 } });
  expect(hear(`${base}/k12_bridge_wind_speed/state`, '36')).toMatchObject({ measured: { wind: 10 } });
  expect(hear(`${base}/k12_bridge_road_temperature/state`, '-1')).toMatchObject({ measured: { roadTemperature: -1 } });
});

test('an entity with a name of its own is what its class says', () => {
  const hear = listener('homeassistant', devices);
  expect(hear(`${base}/outside/state`, '2.5')).toMatchObject({ ok: false, reason: 'wrong-payload' });
  hear(`${base}/outside/device_class`, '"temperature"');
  expect(hear(`${base}/outside/state`, '2.5')).toMatchObject({ measured: { temperature: 2.5 } });
});

test('one that is not available is off; one that is unknown says nothing', () => {
  const hear = listener('homeassistant', devices);
  const topic = `${base}/k12_bridge_humidity/state`;
  expect(hear(topic, 'unavailable')).toMatchObject({ message: { type: 'status', device: 'k12', online: false } });
  expect(hear(topic, 'unknown')).toEqual({ ok: false, reason: 'nothing-said', ignored: true });
});

test.each([
  ['k12_bridge_temperature/state', 'warm', 'wrong-payload'],
  ['k12_bridge_temperature/unit_of_measurement', '{"a":1}', 'wrong-payload'],
])('on %s %o is refused', (topic, payload, reason) => {
  expect(listener('homeassistant', devices)(`${base}/${topic}`, payload)).toMatchObject({ ok: false, reason });
});

test('a unit that cannot become ours is named', () => {
  const hear = listener('homeassistant', devices);
  hear(`${base}/k12_bridge_visibility/unit_of_measurement`, '"lx"');
  expect(hear(`${base}/k12_bridge_visibility/state`, '40')).toMatchObject({
    reason: 'wrong-payload',
    faults: [{ expected: 'a unit that can be turned into m' }],
  });
});
