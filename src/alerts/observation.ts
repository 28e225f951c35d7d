import type { Reason } from '../shared/reason.ts';
import { type Alert, type AlertKind, outranks, type PictureBox, type Position, type Severity } from './alert.ts';
import { isJam } from './jam.ts';
import type { Why } from './why.ts';

/** What a rule or the detector saw. The same `key` means the same thing going on. */
export interface Observation {
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** Its severity is somebody's word, not a measurement that comes and goes: it is followed down as well. */
  readonly declared?: boolean | undefined;
  readonly at: Date;
  readonly position: Position;
  readonly title: string;
  readonly reasons: readonly Reason[];
  /** Kept as it was when the alert was raised. */
  readonly why?: Why | undefined;
  readonly camera?: string | undefined;
  readonly sensor?: string | undefined;
  readonly unit?: string | undefined;
  readonly area?: string | undefined;
  readonly road?: string | undefined;
  readonly stake?: string | undefined;
  readonly carriageway?: 'up' | 'down' | undefined;
  /** What the model calls it: different things are different events. */
  readonly object?: string | undefined;
  /** How many of them, when there are several. */
  readonly count?: number | undefined;
  /** JPEG. */
  readonly snapshot?: Uint8Array | undefined;
  readonly box?: PictureBox | undefined;
}

export interface DedupPolicy {
  /** An alert seen again this soon after its end goes on; later, it is a new one. */
  readonly cooldownMs: number;
  /** The same while nobody has taken it: to a seat, five untaken alerts of one place are one. */
  readonly untakenMs: number;
  /** An alert nobody has seen for this long has ended, though its source never said so (it crashed, it was unplugged). */
  readonly staleMs: number;
}

export type Decision = 'raise' | 'refresh' | 'ignore';

/** Is the observation news, the known alert going on, or an old message delivered again? */
export function decide(previous: Alert | undefined, observation: Observation, policy: DedupPolicy): Decision {
  if (!previous) return 'raise';
  // An SOS is one message with a key of its own: seen again, it is a redelivery.
  if (observation.kind === 'sos') return 'ignore';
  const at = observation.at.getTime();
  const lastSeen = Date.parse(previous.endedAt ?? previous.lastSeenAt);
  if (at <= lastSeen) return at === lastSeen && changesOpen(previous, observation) ? 'refresh' : 'ignore';
  if (isWorseThanClosed(previous, observation)) return 'raise';
  return at - lastSeen > patience(previous, policy) ? 'raise' : 'refresh';
}

function patience({ endedAt, state }: Alert, { staleMs, untakenMs, cooldownMs }: DedupPolicy): number {
  if (endedAt === undefined) return staleMs;
  return state === 'raised' ? untakenMs : cooldownMs;
}

function changesOpen(previous: Alert, observation: Observation): boolean {
  return previous.endedAt === undefined && nextSeverity(previous, observation) !== previous.severity;
}

/** What people closed stays closed, but a sensor or somebody's word that it is worse now is not what they decided on. */
export function isWorseThanClosed(
  { state, severity }: Alert,
  { declared, sensor, severity: now }: Observation,
): boolean {
  const isClosed = state === 'confirmed' || state === 'dismissed';
  return isClosed && (declared === true || sensor !== undefined) && outranks(now, severity);
}

/** A measurement only raises it: what comes and goes must not ring each time. */
function nextSeverity(previous: Alert, { severity, declared }: Observation): Severity {
  return declared || outranks(severity, previous.severity) ? severity : previous.severity;
}

/**
 * Must a refresh be stored now, or may it wait for the next one? What a seat would act on never waits; a cause that
 * comes and goes does, or each coming would be written.
 */
export function isNews(previous: Alert, observation: Observation): boolean {
  const isOtherwise = nextSeverity(previous, observation) !== previous.severity;
  return (
    isOtherwise ||
    (isJam(observation) && !isJam(previous)) ||
    (!previous.snapshot && observation.snapshot !== undefined)
  );
}

export interface Raising {
  readonly id: string;
  readonly seq: number;
  readonly now: Date;
  /** How long somebody has to acknowledge it. */
  readonly dueMs: number;
}

/** A new alert, told by nobody yet. */
export function raisedAlert(observation: Observation, { id, seq, now, dueMs }: Raising): Alert {
  const at = observation.at.toISOString();
  return {
    id,
    seq,
    version: 1,
    kind: observation.kind,
    severity: observation.severity,
    state: 'raised',
    at,
    lastSeenAt: at,
    position: observation.position,
    ...placeOf(observation),
    ...(observation.count !== undefined && { count: observation.count }),
    title: observation.title,
    reasons: [...observation.reasons],
    ...(observation.why && { why: observation.why }),
    mergedFrom: [],
    snapshot: observation.snapshot !== undefined,
    ...(observation.box && { box: observation.box }),
    dueAt: new Date(now.getTime() + dueMs).toISOString(),
  };
}

/** The same alert going on: its place stays, its reasons are those of the last look. */
export function refreshedAlert(previous: Alert, observation: Observation, seq: number): Alert {
  const { endedAt: _ended, count: _count, ...open } = previous;
  return {
    ...open,
    seq,
    version: previous.version + 1,
    severity: nextSeverity(previous, observation),
    lastSeenAt: observation.at.toISOString(),
    ...(observation.count !== undefined && { count: observation.count }),
    title: observation.title,
    reasons: [...observation.reasons],
    snapshot: previous.snapshot || observation.snapshot !== undefined,
    ...(!previous.snapshot && observation.box && { box: observation.box }),
  };
}

/** The alert with its cause gone; what people decided of it stands. */
export function endedAlert(previous: Alert, at: string, seq: number): Alert {
  return { ...previous, seq, version: previous.version + 1, endedAt: at };
}

type Place = Pick<Alert, 'camera' | 'sensor' | 'unit' | 'area' | 'road' | 'stake' | 'carriageway' | 'object'>;

function placeOf({ camera, sensor, unit, area, road, stake, carriageway, object }: Observation): Place {
  return {
    ...(camera !== undefined && { camera }),
    ...(sensor !== undefined && { sensor }),
    ...(unit !== undefined && { unit }),
    ...(area !== undefined && { area }),
    ...(road !== undefined && { road }),
    ...(stake !== undefined && { stake }),
    ...(carriageway !== undefined && { carriageway }),
    ...(object !== undefined && { object }),
  };
}

/**
 * Who the observation comes from: what a flood is counted by. Faults of cameras are counted together: a power cut darkens
 * hundreds at once.
 */
export function sourceOf({ sensor, camera, unit, kind }: Observation): string {
  if (kind === 'camera-fault') return kind;
  return sensor ?? camera ?? unit ?? kind;
}
