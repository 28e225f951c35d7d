import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../src/alerts/alert.ts';
import type { AlertTimelineEntry } from '../src/alerts/alert-timeline.ts';
import type { Handover } from '../src/alerts/handover/handover.ts';
import type { Silence } from '../src/alerts/silences/silence.ts';
import type { Incident } from '../src/dispatch/incidents/incident.ts';
import { type Caller, logIn } from './helpers/caller.ts';
import { openSeat } from './helpers/live-seat.ts';
import { openSmallSite, type RunningServer } from './helpers/small-site.ts';

const password = 'shanyu-fenglai-31';
const within = { timeout: 30_000, interval: 200 };

/** Nobody has long to take an alert here, and one camera is never there. */
async function openSite() {
  const site = await openSmallSite();
  const file = join(site.config, 'tianliang.yaml');
  const desk = 'desk: { escalation: { acknowledge: 5, supervise: 5, supervisors: [班长] } }\n';
  await writeFile(file, `${await readFile(file, 'utf8')}${desk}`);
  await writeFile(
    join(site.config, 'cameras.yaml'),
    'cameras: [{ id: k9, source: "rtsp://127.0.0.1:9/x", record: true }]\n',
  );
  await writeFile(join(site.config, 'units.yaml'), 'units: [{ id: xun7, name: 巡7, kind: patrol }]\n');
  return site;
}

async function addAccounts(server: RunningServer): Promise<void> {
  const admin = await server.admin();
  const accounts = { 席1: 'seat', 席2: 'seat', 班长: 'reviewer' };
  for (const [name, role] of Object.entries(accounts))
    await admin.post('/accounts', { name, role, areas: 'all', password });
}

const deedsOn = async (seat: Caller, alert: string) =>
  (await seat.get<{ items: AlertTimelineEntry[] }>(`/alerts/${alert}/timeline`)).items.map(({ action }) => action);

test('a call for help that nobody takes is asked of the seat at work, then of the supervisor; given, silenced, handed over, and all of it outlives a restart', async () => {
  await using site = await openSite();
  let alert = '';
  let shift = '';
  {
    await using server = await site.start();
    await addAccounts(server);
    const [first, second] = [await logIn(server.url, '席1', password), await logIn(server.url, '席2', password)];
    await using live = await openSeat(second);
    await using terminal = await server.device('xun7');
    await terminal.sos('翻车', { lat: 27.3, lon: 105.29 });
    const asked = await live.alert(({ escalation }) => escalation?.step === 'seat', 30_000);
    expect(asked).toMatchObject({ kind: 'sos', state: 'raised', escalation: { asked: [{ name: '席2' }] } });
    const pressed = await live.alert(({ escalation }) => escalation?.step === 'supervisor', 30_000);
    expect(pressed.escalation?.asked.map(({ name }) => name)).toEqual(['席2', '班长']);
    alert = asked.id;
    const { items } = await first.get<{ items: Incident[] }>('/incidents');
    expect(items).toMatchObject([{ kind: 'sos', caller: 'xun7', alerts: [alert], state: 'received' }]);
    await first.post(`/alerts/${alert}/assign`, { seat: '席2' });
    expect(await live.alert(({ state }) => state === 'acknowledged', 10_000)).toMatchObject({
      acknowledgedBy: { name: '席2' },
    });

    const { id } = await first.post<Silence>('/silences', { sensor: 'ws06', reason: '检修', minutes: 60 });
    await using station = await server.device('ws06');
    await station.reading({ visibility: 180 });
    const quiet = async () => (await first.get<{ items: Alert[] }>(`/alerts?silence=${id}`)).items.length;
    await expect.poll(quiet, within).toBe(1);
    expect((await first.get<{ items: Alert[] }>('/alerts')).items.map((one) => one.id)).toEqual([alert]);

    const blind = async () => (await second.post<Handover>('/handovers', { notes: '交班' })).work.blind.total;
    await expect.poll(blind, within).toBe(1);
    const given = await second.post<Handover>('/handovers', { to: '席1', notes: '翻车的等救援' });
    expect(given.work).toMatchObject({ owned: { total: 1 }, incidents: { total: 1 }, silences: { total: 1 } });
    shift = given.id;
  }
  await using server = await site.start();
  const first = await logIn(server.url, '席1', password);
  expect(await first.post<Handover>(`/handovers/${shift}/sign`)).toMatchObject({ state: 'signed', moved: 1 });
  expect(await first.get<Alert>(`/alerts/${alert}`)).toMatchObject({ acknowledgedBy: { name: '席1' } });
  expect((await first.get<{ items: object[] }>('/silences')).items).toMatchObject([{ sensor: 'ws06', count: 1 }]);
  expect((await deedsOn(first, alert)).filter((deed) => deed === 'alert.escalate')).toHaveLength(2);
}, 180_000);
