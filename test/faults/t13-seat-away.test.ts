import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Caller } from '../helpers/caller.ts';
import { openSmallSite, type RunningServer } from '../helpers/small-site.ts';
import { AlertListener } from './alert-listener.ts';

const awayMs = 300_000;
const alerts = 500;
/** More than are replayed. */
const eventsBeyond = 10_500;

/** Calls for help from places of their own: none is merged, and each is an alert, its incident and what follows. */
async function callForHelp({ device }: RunningServer, from: number, to: number): Promise<void> {
  await using terminal = await device('xun7');
  for (let n = from; n < to; n += 1) {
    await terminal.sos(`求助 ${n}`, { lat: 20 + n / 100, lon: 105 });
    await sleep(awayMs / alerts);
  }
}

async function openAlerts(caller: Caller): Promise<readonly Alert[]> {
  return (await caller.get<{ items: Alert[] }>('/alerts?state=raised&limit=1000')).items;
}

async function manyEvents(caller: Caller): Promise<void> {
  const lanes = (await openAlerts(caller)).slice(0, 8);
  const turns = Math.ceil(eventsBeyond / lanes.length / 2);
  await Promise.all(
    lanes.map(async ({ id }) => {
      for (let turn = 0; turn < turns; turn += 1) {
        await caller.post(`/alerts/${id}/acknowledge`);
        await caller.post(`/alerts/${id}/release`);
      }
    }),
  );
}

test('T13: a seat away for 5 minutes and 500 alerts, the server killed meanwhile, is told every one once and in order', async () => {
  await using site = await openSmallSite();
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  const away = async () => {
    await using server = await site.start();
    await using seat = new AlertListener(await server.admin());
    await seat.subscribe();
    await expect.poll(() => seat.snapshots.length).toBe(1);
    const { last } = seat;
    seat.socket.terminate();
    await callForHelp(server, 0, alerts / 2);
    server.program.kill('SIGKILL');
    return last;
  };
  const last = await away();
  await using server = await site.start();
  await callForHelp(server, alerts / 2, alerts);
  const admin = await server.admin();
  const open = await openAlerts(admin);
  expect(open).toHaveLength(alerts);
  await using seat = new AlertListener(admin);
  const askedAt = performance.now();
  await seat.subscribe(last);
  const isTold = () => new Set(seat.told.map(({ alert }) => alert.id)).size === alerts;
  await expect.poll(isTold, { timeout: 60_000 }).toBe(true);
  const resumedMs = performance.now() - askedAt;
  const seqs = seat.told.map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
  const told = seat.told.map(({ alert }) => `${alert.id} ${alert.version}`);
  expect(new Set(told).size).toBe(told.length);
  const first = new Set(seat.told.filter(({ alert }) => alert.version === 1).map(({ alert }) => alert.id));
  expect(open.filter(({ id }) => !first.has(id))).toEqual([]);
  expect([seat.snapshots.length, seat.gaps.length]).toEqual([0, 0]);

  const behind = seat.last;
  seat.socket.terminate();
  await manyEvents(admin);
  await using late = new AlertListener(admin);
  await late.subscribe(behind);
  await expect.poll(() => late.snapshots.length, { timeout: 60_000 }).toBe(1);
  expect(late.gaps).toEqual([{ from: behind, to: expect.any(Number) }]);
  expect(late.snapshots[0]).toHaveLength(alerts);
  console.log(
    `T13: ${alerts} alerts in ${seat.told.length} events over ${awayMs / 1_000} s and one kill, all told again in ${resumedMs.toFixed(0)} ms; ${eventsBeyond} events behind: a gap and a snapshot`,
  );
}, 1_200_000);
