import type { FloodLimit } from './flood-guard.ts';
import type { DedupPolicy } from './observation.ts';

/** All times in milliseconds. */
export interface DeskLimits {
  /** From raise to acknowledgement. */
  readonly acknowledgeMs: number;
  /** From acknowledgement to a decision. */
  readonly handleMs: number;
  /** At most one stored refresh of a key in this time. */
  readonly refreshMs: number;
  readonly flood: FloodLimit;
  readonly sensors: DedupPolicy;
  /** A picture is looked at several times a second: silence means an end much sooner than a station's. */
  readonly cameras: DedupPolicy;
}

export const defaultDeskLimits: DeskLimits = {
  acknowledgeMs: 60_000,
  handleMs: 180_000,
  refreshMs: 5_000,
  flood: { limit: 20, windowMs: 60_000 },
  sensors: { cooldownMs: 30_000, untakenMs: 300_000, staleMs: 1_800_000 },
  cameras: { cooldownMs: 30_000, untakenMs: 300_000, staleMs: 120_000 },
};
