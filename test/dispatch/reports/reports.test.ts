import { randomUUIDv7 } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Incident } from '../../../src/dispatch/incidents/incident.ts';
import { OversightReports } from '../../../src/dispatch/reports/oversight.ts';
import { cellOf, oversightCsv, reportCsv } from '../../../src/dispatch/reports/report-csv.ts';
import { stepTimes } from '../../../src/dispatch/reports/report-tally.ts';
import { Reports } from '../../../src/dispatch/reports/reports.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { firstIdAt } from '../../../src/store/first-id-at.ts';
import { insertIncident } from '../../../src/store/incidents-repository.ts';
import { appendLedger } from '../../../src/store/ledger-repository.ts';
import type { Store } from '../../../src/store/store.ts';
import { fog, otherSeat } from '../../alerts/alert-fixtures.ts';
import { incidentOf, openLoop, seat, southSeat } from '../incidents/incident-fixtures.ts';

const begin = Date.parse('2026-11-24T02:00:00.000Z');
/** So many minutes after ten o'clock on Tuesday in Shanghai. */
const at = (minutes: number) => new Date(begin + minutes * 60_000).toISOString();
const signed = (minutes: number) => ({ id: 's1', name: '席1', at: at(minutes) });
const now = new Date('2026-11-24T12:00:00.000Z');

async function putIncident(store: Store, minutes: number, changes: Partial<Incident>): Promise<void> {
  const id = `${firstIdAt(new Date(at(minutes))).slice(0, -12)}${randomUUIDv7().slice(-12)}`;
  const incident = incidentOf({ id, at: at(minutes), ...changes });
  await store.transaction((tx) => insertIncident(tx, { incident, wakeAt: undefined, words: incident.title }));
}

async function openReports() {
  const loop = await openLoop();
  const reports = new Reports({ store: loop.store, zone: () => 'Asia/Shanghai', now: () => now });
  return { ...loop, reports, [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose]() };
}

test('a day counts what was received, closed and overdue, how long each step took, by area and department', async () => {
  await using house = await openReports();
  const done = { handledBy: signed(20), verifiedBy: signed(25), closedBy: signed(30) };
  const times = { received: at(0), dispatched: at(2), accepted: at(2.5), on_scene: at(12), closed: at(30) };
  await putIncident(house.store, 0, {
    area: 'north',
    department: '路政',
    dueAt: at(60),
    state: 'closed',
    times,
    ...done,
  });
  await putIncident(house.store, 5, {
    area: 'north',
    department: '路政',
    dueAt: at(10),
    times: { dispatched: at(25) },
  });
  await putIncident(house.store, 6, { area: 'south', dueAt: at(10), ...done, times: {} });
  await putIncident(house.store, 7, { mergedInto: 'other', closedBy: signed(8) });
  await putIncident(house.store, -24 * 60, { area: 'north', closedBy: signed(1), times: {} });
  const report = await house.reports.daily('2026-11-24', seat);
  expect(report).toMatchObject({ period: '2026-11-24', zone: 'Asia/Shanghai', complete: true });
  expect(report.incidents).toEqual({ received: 3, closed: 3, overdue: 2 });
  expect(report.areas).toEqual([
    { area: 'north', received: 2, closed: 2, overdue: 1 },
    { area: 'south', received: 1, closed: 1, overdue: 1 },
  ]);
  expect(report.departments).toContainEqual({ department: '路政', received: 2, closed: 1, overdue: 1 });
  expect(
    report.times.map(({ step, count, medianSeconds, p90Seconds, withinTarget }) => [
      step,
      count,
      medianSeconds,
      p90Seconds,
      withinTarget,
    ]),
  ).toEqual([
    ['acknowledge', 0, null, null, null],
    ['dispatch', 2, 120, 1_200, 0.5],
    ['accept', 1, 30, 30, 1],
    ['arrive', 1, 570, 570, 1],
    ['close', 1, 1_080, 1_080, 1],
  ]);
  expect((await house.reports.daily('2026-11-24', southSeat)).incidents).toEqual({
    received: 1,
    closed: 1,
    overdue: 1,
  });
  expect((await house.reports.weekly('2026-W48', seat)).incidents.received).toBe(4);
  expect((await house.reports.daily(undefined, seat)).period).toBe('2026-11-24');
  await expect(house.reports.daily('2026-02-30', seat)).rejects.toMatchObject({ code: 'REPORT_PERIOD' });
});

test('from the alert on: how long until it was taken, and how many of each kind and camera were none', async () => {
  await using house = await openReports();
  const today = new Date().toISOString().slice(0, 10);
  const reports = new Reports({ store: house.store, zone: () => 'UTC' });
  const { alertDesk } = house;
  const raised = async (key: string) =>
    await alertDesk.observe(fog({ key, kind: 'crowd', camera: 'cam', at: new Date() }));
  const { id } = await raised('a');
  await alertDesk.dismiss(id, otherSeat, { reason: '误报' });
  await alertDesk.confirm((await raised('b')).id, otherSeat);
  const open = await raised('c');
  await house.desk.open({ source: 'alert', kind: 'crowd', title: '聚集', alerts: [open.id] }, { actor: otherSeat });
  const report = await reports.daily(today, seat);
  expect(report.falseAlarms).toEqual([
    { kind: 'crowd', camera: 'cam', raised: 3, confirmed: 1, dismissed: 1, rate: 0.5 },
  ]);
  expect(report.times[0]).toMatchObject({ step: 'acknowledge', count: 1, withinTarget: 1 });
  expect((await reports.daily(today, southSeat)).falseAlarms).toEqual([]);
});

test('the median and the ninth tenth are those of nearest rank', () => {
  const ten = stepTimes('accept', Float64Array.from([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]));
  expect(ten).toMatchObject({ count: 10, medianSeconds: 50, p90Seconds: 90, targetSeconds: 60, withinTarget: 0.6 });
});

test('who watched without an incident, who exported, was denied and changed roles, and that somebody asked', async () => {
  await using house = await openReports();
  const { store } = house;
  const auditor: Actor = { id: 'a1', name: '审计', role: 'auditor', areas: 'all' };
  const watch = { actor: seat, action: 'watch.stop', object: 'camera/k1', result: 'ok' } as const;
  await store.transaction(async (tx) => {
    await appendLedger(tx, { ...watch, details: { seconds: 40 } });
    await appendLedger(tx, { ...watch, details: { seconds: 20 } });
    await appendLedger(tx, { ...watch, details: { seconds: 900, incident: 'i1' } });
    await appendLedger(tx, { actor: seat, action: 'evidence.export', object: 'e1', result: 'ok' });
    await appendLedger(tx, { actor: seat, action: 'evidence.export', object: 'e1', result: 'failed' });
    const part = { result: 'failed', details: { reason: 'broken off', begunAt: '2026' } } as const;
    await appendLedger(tx, { actor: seat, action: 'recording.export', object: 'camera/k1', ...part });
    await appendLedger(tx, { actor: seat, action: 'GET /x', result: 'denied', details: { count: 49 } });
    await appendLedger(tx, { actor: auditor, action: 'account.change', result: 'ok', details: { role: 'seat' } });
    await appendLedger(tx, { actor: auditor, action: 'account.change', result: 'ok', details: { disabled: true } });
  });
  const oversight = new OversightReports(store, new Reports({ store, zone: () => 'UTC' }));
  const report = await oversight.weekly(undefined, auditor);
  const none = { exports: 0, denials: 0, breakGlass: 0, roleChanges: 0 };
  expect(report.accounts).toEqual([
    { account: '审计', role: 'auditor', ...none, roleChanges: 1 },
    { account: '席1', role: 'seat', ...none, exports: 2, denials: 49 },
  ]);
  expect(report.watched).toEqual([{ account: '席1', camera: 'k1', times: 2, seconds: 60 }]);
  const last = await store.db.selectFrom('ledger').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  expect(last).toMatchObject({ actor: '审计', action: 'report.oversight' });
  expect(oversightCsv(report)).toContain('watched,席1,k1,seconds,60\r\n');
});

test('CSV quotes what has to be, and no name becomes a formula', async () => {
  const cells = ['=1+1', '+7', '-2', '@x', '\t=1', 'a,"b"', 'plain', '路政', -2, null].map(cellOf);
  expect(cells).toEqual(["'=1+1", "'+7", "'-2", "'@x", "'\t=1", '"a,""b"""', 'plain', '路政', '-2', '']);
  await using house = await openReports();
  await putIncident(house.store, 0, { department: '=HYPERLINK("http://x"),' });
  const csv = reportCsv(await house.reports.daily('2026-11-24', seat));
  expect(csv).toContain(`department,"'=HYPERLINK(""http://x""),",,received,1\r\n`);
  expect(csv.startsWith('\uFEFFsection,name,detail,measure,value\r\n')).toBe(true);
});
