import { expect, test } from 'vitest';
import { listener, receivedAt, receivedSeconds } from './arrivals.ts';

const hear = listener('owntracks', [{ id: 'xun7' }, { id: 'xun8', topicName: 'phone-8' }]);
const tst = receivedSeconds - 2;
const place = { tst, lat: 27.3, lon: 105.29 };

test('a location: km/h become m/s, its own time is in seconds', () => {
  const sent = { _type: 'location', ...place, acc: 9, vel: 36, cog: -1, batt: 77, tid: 'x7', conn: 'm' };
  expect(hear('owntracks/police/xun7', sent)).toMatchObject({
    message: { type: 'position', device: 'xun7', at: new Date(tst * 1_000), speed: 10, accuracy: 9, battery: 77 },
  });
});

test('the last will says that the phone is gone, as of now', () => {
  expect(hear('owntracks/xun7/phone', { _type: 'lwt', tst: tst - 9_000 })).toMatchObject({
    message: { type: 'status', online: false, at: receivedAt },
  });
});

test.each([
  ['enter', 'owntracks-enter'],
  ['leave', 'owntracks-leave'],
])('a transition (%s) is a position, and the event is told', (event, noted) => {
  const sent = { _type: 'transition', ...place, acc: 25, wtst: tst - 86_400, event, desc: 'depot', t: 'c', tid: 'x7' };
  expect(hear('owntracks/police/xun7/event', sent)).toMatchObject({
    ok: true,
    event: noted,
    message: { type: 'position', point: { lat: 27.3, lon: 105.29 }, accuracy: 25, at: new Date(tst * 1_000) },
  });
});

test.each<[string, object, string]>([
  ['of an unknown kind', { event: 'linger' }, 'wrong-payload'],
  ['at 0/0', { event: 'enter', lat: 0, lon: 0 }, 'null-island'],
])('a transition %s is refused', (_, ...[more, reason]) => {
  expect(hear('owntracks/police/xun7/event', { _type: 'transition', ...place, ...more })).toEqual({
    ok: false,
    reason,
  });
});

test.each([
  [
    'owntracks/police/xun7/waypoint',
    { _type: 'waypoint', desc: 'depot', lat: 27, lon: 105, rad: 100, tst },
    'waypoint',
  ],
  ['owntracks/police/xun7/waypoints', { _type: 'waypoints', waypoints: [] }, 'waypoint'],
  ['owntracks/police/xun7', { _type: 'card', name: 'x' }, 'other'],
])('on %s %o is ignored on purpose', (topic, payload, kind) => {
  expect(hear(topic, payload)).toEqual({ ok: false, reason: `owntracks-${kind}`, ignored: true });
});

test('a phone is known by user, by device, and by the name it has on the wire', () => {
  const sent = { _type: 'location', ...place };
  expect(hear('owntracks/phone-8/x', sent)).toMatchObject({ message: { device: 'xun8' } });
  expect(hear('owntracks/police/xun8', sent)).toMatchObject({ message: { device: 'xun8' } });
  expect(hear('owntracks/police/xun9', sent)).toBe('nobody is police or xun9');
  expect(hear('owntracks/police/xun7/cmd', sent)).toBe('nothing takes it');
});
