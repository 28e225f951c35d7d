/** Who looks after alerts: what the desk has to know of accounts, open walls, incidents and cameras. */
import type { Access } from './access/access.ts';
import type { AlertDesk } from './alerts/desk.ts';
import { defaultDeskLimits } from './alerts/desk-limits.ts';
import { type DeskConfig, deskLimitsOf } from './alerts/duty/desk-config.ts';
import { DutyClock } from './alerts/duty/duty-clock.ts';
import type { SeatAccount, Seats } from './alerts/duty/seats.ts';
import type { BlindCamera, IncidentBrief } from './alerts/handover/handover.ts';
import { Handovers } from './alerts/handover/handovers.ts';
import type { AreaOf } from './alerts/silences/silence.ts';
import { isOpen } from './dispatch/incidents/assignment-state.ts';
import type { Incident } from './dispatch/incidents/incident.ts';
import type { Incidents } from './dispatch/incidents/incidents.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { LiveHub } from './live/hub.ts';
import { type Finder, placedSensor } from './placing.ts';
import { type Actor, maySee } from './shared/actor.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';
import type { Video } from './streams/video.ts';

interface DutyParts {
  readonly config: DeskConfig;
  readonly store: Store;
  readonly access: Access;
  readonly desk: AlertDesk;
  readonly incidents: Incidents;
  readonly video: Video;
  readonly live: LiveHub;
  readonly ingest: Ingest;
  readonly find: Finder;
}

export interface AlertDuty {
  readonly seats: Seats;
  readonly handovers: Handovers;
  readonly clock: DutyClock;
  readonly areaOf: AreaOf;
}

export function buildDuty(parts: DutyParts, log: Log): AlertDuty {
  const { config, store, desk, live, incidents, video } = parts;
  const seats = seatsOf(parts);
  desk.silences.on('changed', (silence) => {
    if (silence.endedAt === undefined) live.changed('silences', silence);
    else live.removed('silences', silence);
  });
  const limits = { ...defaultDeskLimits, ...deskLimitsOf(config) };
  return {
    seats,
    areaOf: (order) => areaOf(parts, order),
    handovers: new Handovers({
      ...{ store, desk, seats },
      incidents: async (actor) => (await incidents.book.open(actor)).map(briefOf),
      blind: async (actor) => blindCameras(video, actor),
    }),
    clock: new DutyClock({ store, desk, seats, limits, log: log.child({ slice: 'alerts' }) }),
  };
}

function areaOf({ video, ingest, find }: DutyParts, { camera, sensor }: Parameters<AreaOf>[0]): string | undefined {
  if (camera !== undefined) return video.streams.status(camera)?.area;
  const device = sensor === undefined ? undefined : ingest.registry.get(sensor);
  return device && placedSensor(device, find).area;
}

/** Who may take alerts: a route of the desk says the same. */
const takers: readonly Actor['role'][] = ['seat', 'reviewer', 'admin'];

function seatsOf({ access, live, config }: DutyParts): Seats {
  const { supervisors } = config.escalation;
  return {
    named: async (name) => {
      const account = await access.accounts.findByName(name);
      return account && !account.disabled && takers.includes(account.role) ? seatOf(account) : undefined;
    },
    online: () =>
      live
        .present()
        .filter(({ role }) => role === 'seat')
        .map(seatOf),
    supervisors: () => supervisorsOf(access, supervisors),
  };
}

const mostAccounts = 1_000;

/** Those who are named, or the reviewers; nobody who cannot log in. */
async function supervisorsOf({ accounts }: Access, names: readonly string[]): Promise<readonly SeatAccount[]> {
  const named = await Promise.all(names.map((name) => accounts.findByName(name)));
  const found =
    names.length > 0 ? named.filter((one) => one !== undefined) : await accounts.list({ limit: mostAccounts });
  const above = names.length > 0 ? found : found.filter(({ role }) => role === 'reviewer');
  return above.filter(({ disabled }) => !disabled).map(seatOf);
}

/** Nothing else of an account is the desk's business. */
const seatOf = ({ id, name, areas }: SeatAccount): SeatAccount => ({ id, name, areas });

function briefOf({ id, title, severity, state, at, dueAt, department, assignments }: Incident): IncidentBrief {
  return {
    ...{ id, title, severity, state, at },
    ...(dueAt !== undefined && { dueAt }),
    ...(department !== undefined && { department }),
    units: assignments.filter(isOpen).map(({ unit }) => unit),
  };
}

/** Those that are sought in vain or show nothing of use; one that nobody watches rests, and is not blind. */
function blindCameras({ streams }: Video, actor: Actor): BlindCamera[] {
  return streams
    .list()
    .filter(({ area, state, faults }) => maySee(actor, area) && (isBlind(state.phase) || faults !== undefined))
    .map(({ id, name, state }) => ({ id, name, since: state.since }));
}

const isBlind = (phase: string) => phase === 'waiting' || phase === 'stale';
