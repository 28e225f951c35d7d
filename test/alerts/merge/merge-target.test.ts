import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertKind, alertKinds } from '../../../src/alerts/alert.ts';
import { mergeClass, mergeTarget } from '../../../src/alerts/merge/merge-target.ts';
import { mergedAlert } from '../../../src/alerts/merge/merged-alert.ts';
import { distanceMeters } from '../../../src/gis/distance.ts';
import { second } from '../alert-fixtures.ts';
import { call, north, open, person, report } from './merge-fixtures.ts';

const seen = open(person('k1'));
const inZone = { kind: 'person-in-zone' } as const;
const stopped = { kind: 'vehicle-stopped', object: 'car' } as const;

test.each([
  ['80 m away', person('k2', { position: north(79.9) }), seen, true],
  ['farther', person('k2', { position: north(80.2) }), seen, false],
  ['40 s later', person('k2', { at: second(40) }), seen, true],
  ['later than that', person('k2', { at: second(41) }), seen, false],
  ['41 s before', person('k2', { at: second(-41) }), seen, false],
  [
    'long after, while it lasts',
    person('k2', { at: second(620) }),
    open(person('k1'), { lastSeenAt: second(600).toISOString() }),
    true,
  ],
  ['the same camera', person('k1', { key: 'person:k1:other' }), seen, false],
  [
    'the same camera, when its own look is over and another still sees it',
    person('k1', { key: 'person:k1:other' }),
    seenByTwo(),
    true,
  ],
  ['a person in a zone', person('k2', inZone), seen, true],
  ['a dog', person('k2', { object: 'dog' }), seen, false],
  ['fog', person('k2', { kind: 'low-visibility' }), seen, false],
  ['another area', person('k2', { area: 'south' }), seen, false],
  ['a place nobody knows well', person('k2', { position: { ...north(0), errorMeters: 201 } }), seen, false],
  ['what is closed', person('k2'), open(person('k1'), { state: 'dismissed' }), false],
  ['what has ended', person('k2'), open(person('k1'), { endedAt: second(1).toISOString() }), false],
  ['what somebody has taken', person('k2'), open(person('k1'), { state: 'acknowledged' }), true],
  ['what a seat took apart', person('k2'), open(person('k1'), { apart: ['person:k2:all'] }), false],
  [
    'a car on the other carriageway',
    person('k2', { ...stopped, carriageway: 'up' }),
    open(person('k1', { ...stopped, carriageway: 'down' })),
    false,
  ],
  ['a call and a report', call('xun7'), open(report(1)), true],
  ['a report and a call', report(1), open(call('xun7')), true],
  ['two reports', report(2), open(report(1)), true],
  ['two calls: each is somebody', call('xun8'), open(call('xun7')), false],
  [
    'a call and a report somebody has taken: it must ring',
    call('xun7'),
    open(report(1), { state: 'acknowledged' }),
    false,
  ],
  ['a call and a person on the road', call('xun7'), seen, false],
  ['a flood notice', person('k2', { key: 'flood:k2' }), seen, false],
] as const)('%s', (...[, observation, alert, merges]) => {
  expect(mergeTarget(observation, [alert]) !== undefined).toBe(merges);
});

function seenByTwo() {
  const [own, other] = [open(person('k1'), { endedAt: second(1).toISOString() }), open(person('k3'))];
  const because = { text: '', distanceMeters: 0, seconds: 0 };
  return { key: own.key, alert: mergedAlert(own.alert, other.alert, { because, seq: 2 }) };
}

test('keys that were taken apart stay apart from the other side, too', () => {
  expect(mergeTarget(person('k2'), [seen], { apart: [seen.key] })).toBeUndefined();
});

test('the nearest is meant, and the reason says how near', () => {
  const far = open(person('k3', { position: north(60) }));
  const found = mergeTarget(person('k2', { position: north(20), at: second(12) }), [far, seen]);
  expect(found?.target).toBe(seen);
  expect(found?.because).toEqual({ text: '相距 20 m、相隔 12 s', distanceMeters: 20, seconds: 12 });
});

test.each(['weather-warning', 'camera-fault', 'sensor-fault', 'measurement'] as const)('%s is never merged', (kind) => {
  expect(mergeClass({ kind, key: 'k' })).toBeUndefined();
});

const observations = fc
  .record({
    kind: fc.constantFrom<AlertKind>(...alertKinds),
    camera: fc.constantFrom('k1', 'k2', 'k3'),
    meters: fc.integer({ min: -150, max: 150 }),
    seconds: fc.integer({ min: -60, max: 60 }),
    area: fc.constantFrom('north', 'south', undefined),
    object: fc.constantFrom('person', 'dog', undefined),
    key: fc.constantFrom('a', 'b', 'c', 'flood:d'),
  })
  .map(({ meters, seconds, ...rest }) => ({
    ...person(rest.camera),
    ...rest,
    position: north(meters),
    at: second(seconds),
  }));

test('property: what is merged is close, of one class, one area and another source; and the nearest such', () => {
  fc.assert(
    fc.property(observations, fc.array(observations, { maxLength: 8 }), (observation, others) => {
      const alerts = others.map((other) => open(other));
      const found = mergeTarget(observation, alerts);
      if (!found) return;
      const { key, alert } = found.target;
      const meters = distanceMeters(alert.position, observation.position);
      expect(meters).toBeLessThanOrEqual(80.05);
      expect(Math.abs(Date.parse(alert.at) - observation.at.getTime())).toBeLessThanOrEqual(40_050);
      expect(mergeClass({ kind: alert.kind, key })).toBe(mergeClass(observation));
      expect(alert.area).toBe(observation.area);
      expect(alert.camera).not.toBe(observation.camera);
      expect(observation.kind === 'sos' && alert.kind === 'sos').toBe(false);
      const nearer = alerts.filter((one) => distanceMeters(one.alert.position, observation.position) < meters - 0.1);
      expect(mergeTarget(observation, nearer)).toBeUndefined();
    }),
  );
});
