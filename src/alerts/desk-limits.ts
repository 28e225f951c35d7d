import type { Severity } from './alert.ts';
import type { FloodLimit } from './flood-guard.ts';
import type { DedupPolicy, Observation } from './observation.ts';

/** All times in milliseconds. */
export interface DeskLimits {
  /** From raise to acknowledgement. */
  readonly acknowledgeMs: number;
  /** From acknowledgement to a decision. */
  readonly handleMs: number;
  /** From the first to the second escalation of what nobody takes. */
  readonly superviseMs: number;
  /** What is at least so severe is escalated; undefined: nothing is. */
  readonly escalateFrom: Severity | undefined;
  /** At most one stored refresh of a key in this time. */
  readonly refreshMs: number;
  readonly flood: FloodLimit;
  readonly sensors: DedupPolicy;
  /** A picture is looked at several times a second: silence means an end much sooner than a station's. */
  readonly cameras: DedupPolicy;
  /** And faults of cameras. They say themselves when they end: silence, as of a server that was down for a day, means nothing. */
  readonly warnings: DedupPolicy;
}

export const defaultDeskLimits: DeskLimits = {
  acknowledgeMs: 60_000,
  handleMs: 180_000,
  superviseMs: 60_000,
  escalateFrom: 'minor',
  refreshMs: 5_000,
  flood: { limit: 20, windowMs: 60_000 },
  sensors: { cooldownMs: 30_000, untakenMs: 300_000, staleMs: 1_800_000 },
  cameras: { cooldownMs: 30_000, untakenMs: 300_000, staleMs: 120_000 },
  warnings: { cooldownMs: 1_800_000, untakenMs: 1_800_000, staleMs: Number.POSITIVE_INFINITY },
};

/** When the thing observed is the same as before. */
export function policyFor({ kind, camera }: Observation, { sensors, cameras, warnings }: DeskLimits): DedupPolicy {
  if (kind === 'weather-warning' || kind === 'camera-fault') return warnings;
  return camera === undefined ? sensors : cameras;
}
