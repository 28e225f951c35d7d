import { distanceMeters } from '../../gis/distance.ts';
import type { Alert, AlertKind, MergeCause } from '../alert.ts';
import { isFloodKey } from '../flood-notice.ts';
import { isOneJam, jamMeters } from '../jam.ts';
import type { Observation } from '../observation.ts';

export interface MergeLimits {
  /** Two things this close in place … */
  readonly meters: number;
  /** … and in time are one event. */
  readonly withinMs: number;
  /** A place known worse than this is close to nothing. */
  readonly errorMeters: number;
}

/** Of vehicles that stand in one jam: a camera that knows no better place than its own still knows its carriageway. */
const jamLimits: MergeLimits = { meters: jamMeters, withinMs: 120_000, errorMeters: Number.POSITIVE_INFINITY };

export const defaultMergeLimits: MergeLimits = { meters: 80, withinMs: 40_000, errorMeters: 200 };

/** An alert that is not closed, and the key of what raised it. */
export interface OpenAlert {
  readonly key: string;
  readonly alert: Alert;
}

export interface MergeTarget<T extends OpenAlert = OpenAlert> {
  readonly target: T;
  readonly because: MergeCause;
}

/** Kinds that are one class although they are called differently; any other kind is a class of its own. */
const classes: Partial<Record<AlertKind, string>> = {
  'person-on-road': 'person',
  'person-in-zone': 'person',
  sos: 'call',
  report: 'call',
};

/** These are about one device or one ground: two of them are never the same. */
const alone: ReadonlySet<AlertKind> = new Set(['weather-warning', 'camera-fault', 'sensor-fault', 'measurement']);

/** Vehicles do not cross the central reservation. */
const bound: ReadonlySet<AlertKind> = new Set(['vehicle-stopped', 'wrong-way']);

/** Undefined for what is never merged. */
export function mergeClass({ kind, key }: Pick<Observation, 'kind' | 'key'>): string | undefined {
  return alone.has(kind) || isFloodKey(key) ? undefined : (classes[kind] ?? kind);
}

/** How far around an observation its event may be. */
export function mergeReach({ kind }: Pick<Observation, 'kind'>): number {
  return kind === 'vehicle-stopped' ? jamLimits.meters : defaultMergeLimits.meters;
}

/**
 * Which of the open alerts is the same event as a new observation: the nearest of its class, within 80 m and 40 s, seen by
 * another source, in the same area; of a jam, within 1 km on its carriageway, whoever sees it. `apart` are the keys that a seat has taken apart from it. Undefined when it is news.
 */
export function mergeTarget<T extends OpenAlert>(
  observation: Observation,
  open: readonly T[],
  { apart = [], limits = defaultMergeLimits }: { apart?: readonly string[]; limits?: MergeLimits } = {},
): MergeTarget<T> | undefined {
  const ofClass = mergeClass(observation);
  if (ofClass === undefined) return undefined;
  const near = open
    .filter((one) => ofClass === mergeClass({ kind: one.alert.kind, key: one.key }))
    .filter(({ key, alert }) => !apart.includes(key) && !alert.apart?.includes(observation.key))
    .filter((one) => fits(observation, one))
    .map((target) => ({ target, because: causeOf(observation, target.alert) }))
    .filter((found) => isNear(observation, found, isOneJam(observation, found.target.alert) ? jamLimits : limits));
  return near.toSorted((a, b) => a.because.distanceMeters - b.because.distanceMeters)[0];
}

function isNear(observation: Observation, { target, because }: MergeTarget, limits: MergeLimits): boolean {
  return (
    isKnown(observation.position, limits) &&
    isKnown(target.alert.position, limits) &&
    because.distanceMeters <= limits.meters &&
    because.seconds * 1_000 <= limits.withinMs
  );
}

const isKnown = ({ errorMeters = 0 }: Alert['position'], limits: MergeLimits) => errorMeters <= limits.errorMeters;

function fits(observation: Observation, { key, alert }: OpenAlert): boolean {
  return (
    key !== observation.key &&
    isOpen(alert) &&
    alert.area === observation.area &&
    mayJoin(observation, alert) &&
    (isOneJam(observation, alert) || isOneThing(observation, { key, alert }))
  );
}

/** Of one sort, on one carriageway, and seen by somebody else. */
function isOneThing(observation: Observation, { key, alert }: OpenAlert): boolean {
  return (
    agrees(alert.object, observation.object) &&
    (!bound.has(observation.kind) || agrees(alert.carriageway, observation.carriageway)) &&
    !sourcesOf(alert, key).has(ownSource(observation))
  );
}

/** Ended or closed, nothing is added to it any more. */
function isOpen({ state, endedAt, mergedInto }: Alert): boolean {
  return (state === 'raised' || state === 'acknowledged') && endedAt === undefined && mergedInto === undefined;
}

const agrees = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/** Every call for help is one of its own: it takes a report in, or joins one that nobody has taken, and leads either way. */
function mayJoin({ kind }: Observation, alert: Alert): boolean {
  if (kind === 'sos') return alert.kind !== 'sos' && alert.state === 'raised';
  return true;
}

/** Two things that one camera sees at a time are two things. */
function sourcesOf(alert: Alert, key: string): ReadonlySet<string> {
  const parts = (alert.merged ?? [alert]).filter(({ endedAt }) => endedAt === undefined);
  return new Set(parts.map(({ sensor, camera, unit }) => sensor ?? camera ?? unit ?? key));
}

const ownSource = ({ sensor, camera, unit, key }: Observation) => sensor ?? camera ?? unit ?? key;

/** How far they lie from each other; an alert lasts from its first to its last look. */
function causeOf(observation: Observation, alert: Alert): MergeCause {
  const at = observation.at.getTime();
  const apartMs = Math.max(0, Date.parse(alert.at) - at, at - Date.parse(alert.lastSeenAt));
  const meters = Math.round(distanceMeters(alert.position, observation.position) * 10) / 10;
  const seconds = Math.round(apartMs / 100) / 10;
  return { text: `相距 ${Math.round(meters)} m、相隔 ${Math.round(seconds)} s`, distanceMeters: meters, seconds };
}
