import { expect, test } from 'vitest';
import { concerns, lettersOf } from '../../../../src/dispatch/channels/push/push-letter.ts';
import { refusalOf } from '../../../../src/dispatch/channels/push/push-rounds.ts';
import { isListedService } from '../../../../src/dispatch/channels/push/push-service.ts';
import { DeliveryError } from '../../../../src/dispatch/channels/receiver-client.ts';
import type { PushReader } from '../../../../src/store/push-repository.ts';

const alert = {
  id: 'a1',
  severity: 'major',
  state: 'raised',
  title: '行人上路',
  road: 'G76',
  stake: 'K1432+300',
  area: 'west',
};
const ofAlert = (changes: object) => lettersOf({ type: 'alert.changed', data: { ...alert, ...changes } });
const ofIncident = (state: string) =>
  lettersOf({
    type: 'incident.changed',
    data: { title: '行人上路', place: 'K1432', assignments: [{ id: 's1', unit: 'xun7', state }] },
  });

test('an alert that is urgent and untaken is told with its place, and taken back once it is not', () => {
  const letter = { tag: 'alert:a1', kind: 'alert', id: 'a1', title: '行人上路', place: 'G76 K1432+300' };
  expect(ofAlert({})).toEqual({ write: [{ letter, to: { seatsOf: 'west' } }], withdraw: [] });
  expect(ofAlert({ severity: 'minor' })).toEqual({ write: [], withdraw: [] });
  for (const over of [{ state: 'acknowledged' }, { state: 'dismissed' }, { mergedInto: 'a2' }])
    expect(ofAlert(over)).toEqual({ write: [], withdraw: ['alert:a1'] });
});

test('an assignment is told while nobody has answered it, and a recall is told too', () => {
  expect(ofIncident('dispatched').write).toMatchObject([{ letter: { tag: 'assignment:s1' }, to: { unit: 'xun7' } }]);
  expect(ofIncident('accepted')).toEqual({ write: [], withdraw: ['assignment:s1'] });
  expect(ofIncident('recalled')).toMatchObject({
    write: [{ letter: { tag: 'recall:s1', title: '撤回：行人上路' } }],
    withdraw: ['assignment:s1'],
  });
});

test('what is written otherwise is told to nobody', () => {
  for (const data of [undefined, {}, { ...alert, title: 7 }])
    for (const type of ['alert.changed', 'incident.changed', 'plan.notice'] as const)
      expect(lettersOf({ type, data })).toEqual({ write: [], withdraw: [] });
});

const reader = (account: PushReader['account']): PushReader => ({ subscription: 'p', account });

test('a letter concerns the patrol of the unit, and seats that may see the area', () => {
  const [own] = ofIncident('dispatched').write;
  const [seen] = ofAlert({}).write;
  if (!own || !seen) return expect.fail();
  expect(concerns(own, reader({ role: 'patrol', areas: [], unit: 'xun7' }))).toBe(true);
  expect(concerns(own, reader({ role: 'patrol', areas: 'all', unit: 'lu6' }))).toBe(false);
  expect(concerns(own, reader({ role: 'seat', areas: 'all', unit: 'xun7' }))).toBe(false);
  expect(concerns(seen, reader({ role: 'seat', areas: ['west'] }))).toBe(true);
  expect(concerns(seen, reader({ role: 'seat', areas: ['east'] }))).toBe(false);
  expect(concerns(seen, reader({ role: 'viewer', areas: 'all' }))).toBe(false);
});

test.each([
  ['https://fcm.googleapis.com/fcm/send/x', true],
  ['https://a.notify.windows.com/x', true],
  ['https://notify.windows.com/x', false],
  ['https://evil-notify.windows.com.example/x', false],
  ['https://xnotify.windows.com/x', false],
  ['http://fcm.googleapis.com/x', false],
  ['https://fcm.googleapis.com:8443/x', false],
  ['https://user@fcm.googleapis.com/x', false],
])('%s is a listed push service: %s', (url, isListed) => {
  expect(isListedService(new URL(url), ['fcm.googleapis.com', '*.notify.windows.com'])).toBe(isListed);
});

test.each([
  [404, 'gone'],
  [410, 'gone'],
  [429, 'later'],
  [503, 'later'],
  [undefined, 'later'],
  [400, 'never'],
  [413, 'never'],
] as const)('a push service that answers %s has it taken as %s', (status, refusal) => {
  expect(refusalOf(new DeliveryError('no', { ...(status && { status }) }))).toBe(refusal);
});
