import { join } from 'node:path';
import { AlertDesk } from '../../../src/alerts/desk.ts';
import type { AlertSource } from '../../../src/dispatch/incidents/alert-source.ts';
import type { Incident } from '../../../src/dispatch/incidents/incident.ts';
import type { IncidentReport } from '../../../src/dispatch/incidents/incident-report.ts';
import { Incidents, type IncidentsOptions } from '../../../src/dispatch/incidents/incidents.ts';
import type { Responsibility } from '../../../src/dispatch/responsibility/config.ts';
import { alertSource } from '../../../src/incident-alerts.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { startDownlink } from '../downlink/rig.ts';

export const seat: Actor = { id: 's1', name: '席1', role: 'seat', areas: 'all' };
export const southSeat: Actor = { id: 's2', name: '席2', role: 'seat', areas: ['south'] };
export const patrol: Actor = { id: 'p7', name: '巡7', role: 'patrol', areas: ['south'], unit: 'xun7' };
export const otherPatrol: Actor = { id: 'p6', name: '路6', role: 'patrol', areas: 'all', unit: 'lu6' };

export const noMatrix: Responsibility = {
  calendar: { zone: 'Asia/Shanghai', week: ['mon', 'tue', 'wed', 'thu', 'fri'], holidays: [], workdays: [] },
  rows: [],
};

export function manhole(changes: Partial<IncidentReport> = {}): IncidentReport {
  return {
    source: 'hotline',
    kind: 'manhole',
    title: '井盖缺失',
    position: { lat: 27.3, lon: 105.29 },
    area: 'north',
    alerts: [],
    ...changes,
  };
}

/** An incident in the state that a test begins with. */
export function incidentOf(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    seq: 1,
    version: 1,
    source: 'hotline',
    kind: 'manhole',
    severity: 'minor',
    state: 'received',
    title: '井盖缺失',
    at: '2026-11-26T07:19:00.000Z',
    alerts: [],
    reasons: [],
    escalations: 0,
    explanations: [],
    assignments: [],
    feedback: [],
    photos: [],
    reopened: 0,
    mergedFrom: [],
    times: { received: '2026-11-26T07:19:00.000Z' },
    ...changes,
  };
}

export interface LoopOptions extends Partial<Pick<IncidentsOptions, 'responsibility' | 'plans' | 'limits' | 'now'>> {
  readonly candidates?: Partial<IncidentsOptions['candidates']>;
  readonly path?: string;
  /** Instead of the alert desk. */
  readonly alerts?: AlertSource;
}

/** The whole loop on a real database, with the alert desk and the terminals' downlink beside it. */
export async function openLoop({ path, alerts, candidates, ...options }: LoopOptions = {}) {
  const dir = await tempDir();
  const file = path ?? join(dir.path, 'operations.sqlite');
  const store = await openStore(file);
  const desk = new AlertDesk({ store, log: silentLog });
  const { board, downlink, courier, [Symbol.asyncDispose]: endDownlink } = await startDownlink(store);
  const incidents = new Incidents({
    store,
    responsibility: noMatrix,
    board,
    downlink,
    alerts: alerts ?? alertSource(desk, (terminal) => board.ofTerminal(terminal)?.id),
    find: (given) => given,
    candidates: { rank: () => [], way: () => undefined, ...candidates },
    log: silentLog,
    ...options,
  });
  const changes: Incident[] = [];
  incidents.records.on('changed', (incident) => changes.push(incident));
  const end = async () => {
    await incidents.close();
    await endDownlink();
    await desk.close();
    await store.close();
    await dir[Symbol.asyncDispose]();
  };
  return {
    ...incidents,
    incidents,
    alertDesk: desk,
    store,
    path: file,
    board,
    downlink,
    courier,
    changes,
    [Symbol.asyncDispose]: end,
  };
}

/** The ledger's deeds on an object, oldest first. */
export async function deedsOn(store: Awaited<ReturnType<typeof openStore>>, object: string): Promise<string[]> {
  const rows = await store.db
    .selectFrom('ledger')
    .select('action')
    .where('object', '=', object)
    .orderBy('id')
    .execute();
  return rows.map(({ action }) => action);
}
