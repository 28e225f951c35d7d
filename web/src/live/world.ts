import type { Alert, Camera, Sensor, Unit } from '../api/shapes.ts';
import type { Items, Removal, ServerMessage, Topic } from './contract.ts';

/** Everything the seat knows now, one map a topic, by id. */
export interface World {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly units: ReadonlyMap<string, Unit>;
  readonly cameras: ReadonlyMap<string, Camera>;
  readonly sensors: ReadonlyMap<string, Sensor>;
  /** Highest sequence number applied: what a reconnecting client resumes from. */
  readonly seq: number;
  /** Topics whose first snapshot has arrived. */
  readonly loaded: ReadonlySet<Topic>;
}

export const emptyWorld: World = {
  alerts: new Map(),
  units: new Map(),
  cameras: new Map(),
  sensors: new Map(),
  seq: 0,
  loaded: new Set(),
};

/** Closed alerts beyond this many are forgotten, oldest first, so that a page open for weeks stays small. */
const closedAlertsKept = 500;

/** One message later. Events at or under `seq` were seen before and change nothing. */
export function applyMessage(world: World, message: ServerMessage): World {
  if (message.type === 'snapshot') return applySnapshot(world, message);
  if (message.type !== 'event') return world;
  if (message.topic === 'alerts') return applyAlertEvent(world, message);
  if (message.topic === 'units') return { ...world, units: merged(world.units, message.data) };
  if (message.topic === 'cameras') return { ...world, cameras: merged(world.cameras, message.data) };
  return { ...world, sensors: merged(world.sensors, message.data) };
}

/** An alert that an HTTP answer brought: applied only when it is newer than what is known. */
export function applyAlert(world: World, alert: Alert): World {
  const known = world.alerts.get(alert.id);
  if (known && known.version >= alert.version) return world;
  return { ...world, alerts: withAlert(world.alerts, alert) };
}

export function isOpen(alert: Alert): boolean {
  return alert.state === 'raised' || alert.state === 'acknowledged';
}

function applySnapshot(world: World, message: Extract<ServerMessage, { type: 'snapshot' }>): World {
  const loaded = new Set([...world.loaded, message.topic]);
  const seq = message.topic === 'alerts' ? Math.max(world.seq, message.seq) : world.seq;
  if (message.topic !== 'alerts') return { ...world, loaded, seq, [message.topic]: byId<Items[Topic]>(message.items) };
  const closed = [...world.alerts.values()].filter((alert) => !isOpen(alert));
  return { ...world, loaded, seq, alerts: byId([...closed, ...message.items]) };
}

function applyAlertEvent(world: World, event: { seq: number; data: Alert }): World {
  if (event.seq <= world.seq) return world;
  return { ...world, seq: event.seq, alerts: withAlert(world.alerts, event.data) };
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
