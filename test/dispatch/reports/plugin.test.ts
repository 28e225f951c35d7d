import { expect, test } from 'vitest';
import { OversightReports } from '../../../src/dispatch/reports/oversight.ts';
import { reportsPlugin } from '../../../src/dispatch/reports/plugin.ts';
import { Reports } from '../../../src/dispatch/reports/reports.ts';
import { firstIdAt } from '../../../src/store/first-id-at.ts';
import { insertIncident } from '../../../src/store/incidents-repository.ts';
import { openHouse } from '../../helpers/access-house.ts';
import { incidentOf } from '../incidents/incident-fixtures.ts';

const withReports = {
  routes: (app, { store, actorOf }) => {
    const reports = new Reports({ store, zone: () => 'Asia/Shanghai' });
    void app.register(reportsPlugin, { reports, oversight: new OversightReports(store, reports), actorOf });
  },
} satisfies Parameters<typeof openHouse>[0];

test('a report is JSON or CSV, of the day that is asked for', async () => {
  await using house = await openHouse(withReports);
  const incident = incidentOf({ id: firstIdAt(new Date('2025-11-27T02:00:00Z')), area: 'north', department: '路政' });
  await house.store.transaction((tx) => insertIncident(tx, { incident, wakeAt: undefined, words: '' }));
  const headers = await house.login('seat');
  const day = await house.app.inject({ url: '/reports/daily?date=2025-11-27', headers });
  expect(day.json()).toMatchObject({ period: '2025-11-27', incidents: { received: 1, closed: 0, overdue: 0 } });
  expect(day.json().departments).toEqual([{ department: '路政', received: 1, closed: 0, overdue: 0 }]);
  const week = await house.app.inject({ url: '/reports/weekly?week=2025-W48&format=csv', headers });
  expect(week.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="weekly-2025-W48.csv"',
  });
  expect(week.body).toContain('area,north,,received,1\r\n');
  for (const wrong of ['date=2026-02-30', 'date=x', 'format=xml'])
    expect((await house.app.inject({ url: `/reports/daily?${wrong}`, headers })).statusCode).toBe(400);
});

test('who watches is for auditors and admins; the other reports are not for those who only look', async () => {
  await using house = await openHouse(withReports);
  const asked = async (role: 'seat' | 'reviewer' | 'auditor' | 'admin' | 'viewer' | 'patrol') => {
    const headers = await house.login(role, role);
    const urls = ['/reports/daily', '/reports/weekly', '/reports/oversight'];
    return (await Promise.all(urls.map((url) => house.app.inject({ url, headers })))).map(
      ({ statusCode }) => statusCode,
    );
  };
  expect(await asked('admin')).toEqual([200, 200, 200]);
  expect(await asked('auditor')).toEqual([200, 200, 200]);
  expect(await asked('reviewer')).toEqual([200, 200, 403]);
  expect(await asked('seat')).toEqual([200, 200, 403]);
  expect(await asked('viewer')).toEqual([403, 403, 403]);
  expect(await asked('patrol')).toEqual([403, 403, 403]);
});
