import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Alert, severities } from '../../../src/alerts/alert.ts';
import {
  changedOwn,
  mergedAlert,
  separatedAlert,
  soloAlert,
  withoutPart,
  withPart,
} from '../../../src/alerts/merge/merged-alert.ts';
import { endedAlert, refreshedAlert } from '../../../src/alerts/observation.ts';
import { second } from '../alert-fixtures.ts';
import { call, open, person, report } from './merge-fixtures.ts';

const because = { text: '相距 20 m、相隔 12 s', distanceMeters: 20, seconds: 12 };
const box = { x: 0, y: 0, width: 0.1, height: 0.2, score: 0.9 };
const picture = new Uint8Array([1]);
const own = open(person('k1')).alert;
const child = {
  ...open(person('k2', { severity: 'critical', at: second(5), snapshot: picture, box })).alert,
  mergedInto: own.id,
};
const both = mergedAlert(own, child, { because, seq: 7 });

test('it says what each source saw, takes the highest severity and the picture there is', () => {
  expect(both).toMatchObject({
    id: own.id,
    seq: 7,
    version: 2,
    severity: 'critical',
    title: own.title,
    at: own.at,
    lastSeenAt: child.lastSeenAt,
    snapshot: true,
    box,
    pictureOf: child.id,
    mergedFrom: [child.id],
    merged: [
      { id: own.id, camera: 'k1', severity: 'major' },
      { id: child.id, camera: 'k2', because },
    ],
  });
  expect(soloAlert(both)).toEqual({ ...own, seq: 7, version: 2 });
});

test('of two pictures the one that shows more is shown', () => {
  const small = { ...own, snapshot: true, box: { ...box, width: 0.05 } };
  expect(mergedAlert(small, child, { because, seq: 7 }).pictureOf).toBe(child.id);
  const large = { ...own, snapshot: true, box: { ...box, width: 0.5 } };
  expect(mergedAlert(large, child, { because, seq: 7 }).pictureOf).toBeUndefined();
});

test('it has ended once all of its sources have', () => {
  const first = changedOwn(both, (one) => endedAlert(one, second(10).toISOString(), 8));
  expect(first.endedAt).toBeUndefined();
  const last = withPart(first, endedAlert(child, second(20).toISOString(), 9), 9);
  expect(last.endedAt).toBe(second(20).toISOString());
  const again = changedOwn(last, (one) => refreshedAlert(one, person('k1', { at: second(25) }), 10));
  expect(again.endedAt).toBeUndefined();
  expect(again.merged?.[0]?.endedAt).toBeUndefined();
});

test('a call for help leads, whoever came first', () => {
  const reported = { ...open(report(1)).alert, state: 'raised' as const };
  const sos = open(call('xun7')).alert;
  const merged = mergedAlert(reported, sos, { because, seq: 2 });
  expect(merged).toMatchObject({
    kind: 'sos',
    title: 'xun7 求助',
    severity: 'critical',
    unit: 'xun7',
    id: reported.id,
  });
  expect(mergedAlert(sos, reported, { because, seq: 2 })).toMatchObject({
    kind: 'sos',
    title: 'xun7 求助',
    id: sos.id,
  });
});

test('a part that is taken out is as it was, and each remembers the other', () => {
  const apart = withoutPart(both, child.id, { key: 'person:k2:all', seq: 8 });
  expect(apart).toEqual({ ...own, seq: 8, version: 3, apart: ['person:k2:all'] });
  const taken = separatedAlert({ ...child }, { key: 'person:k1:all', seq: 9, dueAt: second(60).toISOString() });
  expect(taken).toMatchObject({ state: 'raised', apart: ['person:k1:all'], version: 2, seq: 9 });
  expect(taken.mergedInto).toBeUndefined();
});

test('property: whatever is merged and taken out, what remains is what its sources saw', () => {
  const part = fc.record({ severity: fc.constantFrom(...severities), seconds: fc.nat(30), ended: fc.boolean() });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.nat(4), (parts, out) => {
      const children = parts.map(({ severity, seconds, ended }, n): Alert => {
        const { alert } = open(person(`c${n}`, { severity, at: second(seconds) }));
        return { ...alert, ...(ended && { endedAt: second(40).toISOString() }) };
      });
      const whole = children.reduce((alert, one, n) => mergedAlert(alert, one, { because, seq: n + 2 }), own);
      const all = [own, ...children];
      const highest = Math.max(...all.map(({ severity }) => severities.indexOf(severity)));
      expect(severities.indexOf(whole.severity)).toBe(highest);
      expect(whole.lastSeenAt).toBe(
        all
          .map((one) => one.lastSeenAt)
          .toSorted()
          .at(-1),
      );
      expect(whole.mergedFrom).toEqual(children.map(({ id }) => id));
      expect(whole.endedAt).toBeUndefined();
      const leaving = children[out % children.length];
      const rest = withoutPart(whole, leaving?.id ?? '', { key: 'k', seq: 99 });
      const without = children.filter((one) => one !== leaving);
      const expected = without.reduce((alert, one, n) => mergedAlert(alert, one, { because, seq: n + 2 }), own);
      expect(rest).toEqual({ ...expected, seq: 99, version: whole.version + 1, apart: ['k'] });
    }),
  );
});
