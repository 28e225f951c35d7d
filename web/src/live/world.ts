import type { Incident } from '../api/incident-shapes.ts';
import type { Alert, Camera, Sensor, Unit } from '../api/shapes.ts';
import type { HealthPart, Items, Removal, ServerMessage, Topic } from './contract.ts';

/** Everything the seat knows now, one map a topic, by id. */
export interface World {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly units: ReadonlyMap<string, Unit>;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly sensors: ReadonlyMap<string, Sensor>;
  readonly health: ReadonlyMap<string, HealthPart>;
  /** Highest sequence number applied: what a reconnecting client resumes from. */
  readonly seq: number;
  /** Topics whose first snapshot has arrived. */
  readonly loaded: ReadonlySet<Topic>;
}

export const emptyWorld: World = {
  alerts: new Map(),
  incidents: new Map(),
  units: new Map(),
  cameras: new Map(),
  sensors: new Map(),
  health: new Map(),
  seq: 0,
  loaded: new Set(),
};

/** Closed alerts beyond this many are forgotten, oldest first, so that a page open for weeks stays small. */
const closedAlertsKept = 500;
const closedIncidentsKept = 200;

/** One message later. Events at or under `seq` were seen before and change nothing. */
export function applyMessage(world: World, message: ServerMessage): World {
  if ('topic' in message && message.topic === 'assignments') return world;
  if (message.type === 'snapshot') return applySnapshot(world, message);
  if (message.type !== 'event') return world;
  if (message.topic === 'alerts' || message.topic === 'incidents') return applyEvent(world, message);
  const { topic, data } = message;
  return { ...world, [topic]: merged<Items[Topic]>(world[topic], data) };
}

/** An alert that an HTTP answer brought: applied only when it is newer than what is known. */
export function applyAlert(world: World, alert: Alert): World {
  const known = world.alerts.get(alert.id);
  if (known && known.version >= alert.version) return world;
  return { ...world, alerts: withAlert(world.alerts, alert) };
}

/** The same of an incident. */
export function applyIncident(world: World, incident: Incident): World {
  const known = world.incidents.get(incident.id);
  if (known && known.version >= incident.version) return world;
  return { ...world, incidents: withIncident(world.incidents, incident) };
}

export function isOpen(alert: Alert): boolean {
  return alert.state === 'raised' || alert.state === 'acknowledged';
}

function applySnapshot(world: World, message: Extract<ServerMessage, { type: 'snapshot' }>): World {
  const loaded = new Set([...world.loaded, message.topic]);
  const isEvent = message.topic === 'alerts' || message.topic === 'incidents';
  const seq = isEvent ? Math.max(world.seq, message.seq) : world.seq;
  if (message.topic !== 'alerts') return { ...world, loaded, seq, [message.topic]: byId<Items[Topic]>(message.items) };
  const closed = [...world.alerts.values()].filter((alert) => !isOpen(alert));
  return { ...world, loaded, seq, alerts: byId([...closed, ...message.items]) };
}

function applyEvent(world: World, event: Extract<ServerMessage, { type: 'event'; seq: number }>): World {
  const { seq, topic, data } = event;
  if (seq <= world.seq) return world;
  if (topic === 'alerts') return { ...world, seq, alerts: withAlert(world.alerts, data) };
  return { ...world, seq, incidents: withIncident(world.incidents, data) };
}

/** A closed one leaves as the newest closed ones come: who looks at it keeps it. */
function withIncident(incidents: ReadonlyMap<string, Incident>, incident: Incident): ReadonlyMap<string, Incident> {
  const next = new Map(incidents).set(incident.id, incident);
  if (incident.state !== 'closed') return next;
  const closed = [...next.values()].filter(({ state }) => state === 'closed');
  for (const old of closed.slice(0, Math.max(0, closed.length - closedIncidentsKept))) next.delete(old.id);
  return next;
}

function withAlert(alerts: ReadonlyMap<string, Alert>, alert: Alert): ReadonlyMap<string, Alert> {
  const next = new Map(alerts).set(alert.id, alert);
  const closed = [...next.values()].filter((one) => !isOpen(one));
  for (const old of closed.slice(0, Math.max(0, closed.length - closedAlertsKept))) next.delete(old.id);
  return next;
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

function merged<T extends { readonly id: string }>(known: ReadonlyMap<string, T>, changed: readonly (T | Removal)[]) {
  const next = new Map(known);
  for (const item of changed) {
    if ('removed' in item) next.delete(item.id);
    else next.set(item.id, item);
  }
  return next;
}
