import { writeSync } from 'node:fs';
import { AlertDesk } from '../../src/alerts/desk.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { openStore } from '../../src/store/store.ts';

/** Raises alerts and decides on them as fast as it can, one line for each answer given, until it is killed. */
const [path = '', round = ''] = process.argv.slice(2);
const store = await openStore(path);
const desk = new AlertDesk({ store, log: silentLog });
const seats: Actor[] = ['1', '2', '3'].map((id) => ({ id, name: `席${id}`, role: 'seat', areas: 'all' }));

async function workAs(seat: Actor): Promise<never> {
  for (let n = 0; ; n += 1) {
    const key = `${round}:${seat.id}:${n}`;
    // Of a kind that is never merged: one alert for each key.
    const place = { position: { lat: 27.3, lon: 105.29 }, at: new Date(), reasons: [], title: key };
    const { id } = await desk.observe({ ...place, key, kind: 'measurement', severity: 'minor', sensor: key });
    answer('alert.raise', id, 1);
    answer('alert.acknowledge', id, (await desk.acknowledge(id, seat)).version);
    if (n % 3 === 0) answer('alert.release', id, (await desk.release(id, seat)).version);
    else answer('alert.confirm', id, (await desk.confirm(id, seat)).version);
  }
}

function answer(action: string, id: string, version: number): void {
  writeSync(1, `${JSON.stringify({ action, id, version })}\n`);
}

await Promise.all(seats.map(workAs));
