import { join } from 'node:path';
import { AlertDesk } from '../../src/alerts/desk.ts';
import { type DeskLimits, defaultDeskLimits } from '../../src/alerts/desk-limits.ts';
import type { Observation } from '../../src/alerts/observation.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';
import { openStore } from '../../src/store/store.ts';
import { tempDir } from '../helpers/temp-dir.ts';

export const seat: Actor = { id: 'seat-1', name: '席1', role: 'seat', areas: 'all' };
export const otherSeat: Actor = { id: 'seat-2', name: '席2', role: 'seat', areas: 'all' };
export const southSeat: Actor = { id: 'seat-3', name: '席3', role: 'seat', areas: ['south'] };

/** Ten minutes ago and later, in seconds from there: never in the future, which the desk does not believe. */
const zero = Date.now() - 600_000;
export const second = (n: number): Date => new Date(zero + n * 1_000);

export function fog(changes: Partial<Observation> = {}): Observation {
  return {
    key: 'fog:ws06',
    kind: 'low-visibility',
    severity: 'minor',
    at: second(0),
    position: { lat: 27.3, lon: 105.29, errorMeters: 10 },
    title: '能见度 180 m',
    reasons: [{ text: '能见度 180 m', value: 180, limit: 200, unit: 'm', source: 'ws06' }],
    sensor: 'ws06',
    area: 'north',
    ...changes,
  };
}

/** A desk on a real database in a directory of its own, or in the given one. */
export async function openDesk(limits: Partial<DeskLimits> = {}, path?: string) {
  const dir = await tempDir();
  const store = await openStore(path ?? join(dir.path, 'operations.sqlite'));
  const desk = new AlertDesk({ store, log: silentLog, limits: { ...defaultDeskLimits, ...limits } });
  return {
    desk,
    store,
    path: path ?? join(dir.path, 'operations.sqlite'),
    async [Symbol.asyncDispose]() {
      await desk.close();
      await store.close();
      await dir[Symbol.asyncDispose]();
    },
  };
}
