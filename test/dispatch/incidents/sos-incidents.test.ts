import { expect, test } from 'vitest';
import type { Observation } from '../../../src/alerts/observation.ts';
import type { Candidate } from '../../../src/dispatch/candidates/candidate.ts';
import { fog } from '../../alerts/alert-fixtures.ts';
import { manhole, openLoop, seat } from './incident-fixtures.ts';

const candidate = (unit: string): Candidate => ({ unit, etaSeconds: 60, reasons: [] });
const candidates = { rank: () => ['xun7', 'lu6', 'zheng1'].map(candidate) };
const sos = (changes: Partial<Observation> = {}) =>
  fog({
    key: 'sos:1',
    kind: 'sos',
    severity: 'critical',
    title: '巡7 求助',
    unit: 'xun7',
    sensor: undefined,
    ...changes,
  });

test('a call for help is an incident at once and names who could go; nobody is sent, and the alert still rings', async () => {
  await using loop = await openLoop({ candidates });
  const alert = await loop.alertDesk.observe(sos());
  await loop.incidents.sos.open(alert);
  const [incident] = await loop.book.open();
  expect(incident).toMatchObject({
    source: 'alert',
    kind: 'sos',
    severity: 'critical',
    state: 'received',
    alerts: [alert.id],
    caller: 'xun7',
    proposal: { unit: 'lu6' },
    assignments: [],
  });
  const linked = await loop.alertDesk.get(alert.id);
  expect(linked).toMatchObject({ state: 'raised', incident: incident?.id, dueAt: expect.any(String) });
  await loop.incidents.sos.open(linked);
  expect(await loop.book.open()).toEqual([incident]);
});

test('the caller is the nearest and cannot be sent; who is bound already is not proposed', async () => {
  await using loop = await openLoop({ candidates });
  const other = await loop.desk.open(manhole(), { actor: seat });
  await loop.dispatcher.dispatch(other.id, { unit: 'lu6' }, { actor: seat });
  await loop.incidents.sos.open(await loop.alertDesk.observe(sos()));
  const incident = (await loop.book.open()).find(({ kind }) => kind === 'sos');
  expect(incident?.proposal).toMatchObject({ unit: 'zheng1' });
  const ranked = await loop.proposals.of(incident?.id ?? '', seat);
  expect(ranked.map(({ unit, rejected }) => [unit, rejected])).toEqual([
    ['lu6', undefined],
    ['zheng1', undefined],
    ['xun7', 'caller'],
  ]);
});

test('one click on the alert takes it and sends the proposed unit to the incident that there is', async () => {
  await using loop = await openLoop({ candidates });
  const alert = await loop.alertDesk.observe(sos());
  await loop.incidents.sos.open(alert);
  const [opened] = await loop.book.open();
  const sent = await loop.dispatcher.dispatchAlert(alert.id, { unit: opened?.proposal?.unit ?? '' }, { actor: seat });
  expect(sent).toMatchObject({ id: opened?.id, state: 'dispatched', assignments: [{ unit: 'lu6' }] });
  expect(sent).not.toHaveProperty('proposal');
  expect(await loop.alertDesk.get(alert.id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 's1' } });
});

test('an alert that was put off is put off no more once somebody is sent', async () => {
  await using loop = await openLoop({ candidates });
  const { id } = await loop.alertDesk.observe(fog());
  await loop.alertDesk.acknowledge(id, seat);
  await loop.alertDesk.snooze(id, seat, { minutes: 5 });
  await loop.dispatcher.dispatchAlert(id, { unit: 'lu6' }, { actor: seat });
  const sent = await loop.alertDesk.get(id);
  expect(sent).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 's1' }, incident: expect.any(String) });
  expect(sent).not.toHaveProperty('snoozedUntil');
  expect(sent).not.toHaveProperty('wakeAt');
  await expect(loop.alertDesk.snooze(id, seat, { minutes: 5 })).rejects.toMatchObject({ code: 'ALERT_HAS_INCIDENT' });
});

test('nobody is the nearest to somewhere unknown', async () => {
  await using loop = await openLoop({ candidates });
  const position = { lat: 27.3, lon: 105.29, errorMeters: 20_000 };
  await loop.incidents.sos.open(await loop.alertDesk.observe(sos({ position })));
  expect((await loop.book.open())[0]).not.toHaveProperty('proposal');
});
