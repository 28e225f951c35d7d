import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSmallSite, type RunningServer } from '../helpers/small-site.ts';
import { AlertListener } from './alert-listener.ts';

/** All the seats of L1, and a tenth of its messages: seats and server share two cores here. */
const seats = 500;
const alertsPerSecond = 2;
const readingsPerSecond = 200;
const seconds = 60;
const goalMs = 250;

const sensors = Array.from({ length: 5 }, (_, n) => `load${n}`);

async function openSite() {
  const site = await openSmallSite();
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  const file = join(site.config, 'tianliang.yaml');
  const more = sensors.map((id) => `  - { id: ${id}, kind: sensor, password: my-own-phone-27 }\n`).join('');
  await writeFile(file, `${await readFile(file, 'utf8')}${more}`);
  return site;
}

/** Weather that alarms nobody, until the signal. */
async function measure({ device }: RunningServer, id: string, signal: AbortSignal): Promise<number> {
  await using sensor = await device(id);
  let sent = 0;
  while (!signal.aborted) {
    await sensor.reading({ temperature: 20 + (sent % 10), humidity: 40 });
    sent += 1;
    await sleep((1_000 * sensors.length) / readingsPerSecond);
  }
  return sent;
}

async function crowd(server: RunningServer): Promise<AlertListener[]> {
  const admin = await server.admin();
  const all = Array.from({ length: seats }, () => new AlertListener(admin));
  await Promise.all(all.map((seat) => seat.subscribe()));
  await expect.poll(() => all.filter((seat) => seat.snapshots.length === 1).length, { timeout: 60_000 }).toBe(seats);
  return all;
}

test('500 seats are told of a call for help within 250 ms, from the terminal to the seat', async () => {
  await using site = await openSite();
  await using server = await site.start();
  const listeners = await crowd(server);
  await using terminal = await server.device('xun7');
  const done = new AbortController();
  const measured = sensors.map((id) => measure(server, id, done.signal));
  await sleep(5_000);
  const sentAt = new Map<string, number>();
  for (let n = 0; n < seconds * alertsPerSecond; n += 1) {
    sentAt.set(`求助 ${n}`, performance.now());
    await terminal.sos(`求助 ${n}`, { lat: 20 + n / 100, lon: 105 });
    await sleep(1_000 / alertsPerSecond);
  }
  const raised = () => listeners.map(({ told }) => told.filter(({ alert }) => alert.version === 1));
  await expect
    .poll(() => raised().every((told) => told.length === sentAt.size), { timeout: 60_000, interval: 1_000 })
    .toBe(true);
  done.abort();
  const readings = (await Promise.all(measured)).reduce((a, b) => a + b, 0);
  for (const { socket } of listeners) socket.terminate();
  const perSeat = raised().map((told) =>
    told.map(({ alert, atMs }) => atMs - (sentAt.get(alert.reasons[1]?.text ?? '') ?? Number.NaN)),
  );
  const waits = perSeat.flat().toSorted((a, b) => a - b);
  const at = (share: number) => waits[Math.floor(waits.length * share)] ?? Number.NaN;
  // From the first seat to the last: the rest is what it takes until there is anything to tell.
  const spreads = [...sentAt.keys()].map((_, n) => perSeat.map((own) => own[n] ?? Number.NaN));
  const spread = Math.max(...spreads.map((all) => Math.max(...all) - Math.min(...all)));
  console.log(
    `seats: ${seats}, ${sentAt.size} calls at ${alertsPerSecond}/s, ${(readings / (seconds + 5)).toFixed(0)} readings/s (L1 / 10): p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, most ${at(0.999999).toFixed(0)} ms; from the first seat to the last ${spread.toFixed(0)} ms at most`,
  );
  expect(waits.length).toBe(seats * sentAt.size);
  expect(at(0.99)).toBeLessThan(goalMs);
}, 600_000);
