import type { Incident } from '../api/incident-shapes.ts';
import type { Alert, Camera, Sensor, Unit } from '../api/shapes.ts';

/** What a wall is told of. */
export const topics = ['alerts', 'incidents', 'units', 'cameras', 'sensors', 'health'] as const;
export type Topic = (typeof topics)[number];
/** What a patrol is told of: its own unit's work, wherever that is. */
export const patrolTopics = ['assignments'] as const;
/** Told in order, by a rising `seq`; of the others only the newest state counts. */
export type EventTopic = 'alerts' | 'incidents';
type LatestTopic = Exclude<Topic, EventTopic>;

/** A part of the house, and whether it does its work. */
export interface HealthPart {
  readonly id: string;
  readonly state: string;
}

export interface Items {
  alerts: Alert;
  incidents: Incident;
  units: Unit;
  cameras: Camera;
  sensors: Sensor;
  health: HealthPart;
}

type OfTopic<Build extends { [T in Topic]: unknown }> = Build[Topic];

type Snapshot<T extends Topic> = { type: 'snapshot'; topic: T; items: readonly Items[T][]; seq: number };
/** There is no such item any more. */
export type Removal = { readonly id: string; readonly removed: true };
type LastValue<T extends Topic> = { type: 'event'; topic: T; at: string; data: readonly (Items[T] | Removal)[] };

/** What the server sends on `/ws`. */
export type ServerMessage =
  | { type: 'hello'; at: string; seq: number }
  | OfTopic<{ [T in Topic]: Snapshot<T> }>
  | { type: 'event'; topic: 'alerts'; seq: number; at: string; data: Alert }
  | { type: 'event'; topic: 'incidents'; seq: number; at: string; data: Incident }
  | OfTopic<{ [T in LatestTopic]: LastValue<T> } & { alerts: never; incidents: never }>
  | { type: 'snapshot' | 'event'; topic: (typeof patrolTopics)[number] }
  | { type: 'gap'; topic: Topic; from: number; to: number }
  | { type: 'resync'; topic?: Topic }
  | { type: 'pong'; t: number; at: string };

const knownTopics: readonly unknown[] = [...topics, ...patrolTopics];
const known = new Set(['hello', 'snapshot', 'event', 'gap', 'resync', 'pong']);

/** A frame of a newer server that this page does not know is undefined, never an error. */
export function readMessage(text: unknown): ServerMessage | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const message = JSON.parse(text);
    return known.has(message?.type) && (message.topic === undefined || knownTopics.includes(message.topic))
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}
