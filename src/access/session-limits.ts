import type { Role } from '../shared/actor.ts';

export interface SessionLimits {
  /** From login to the end, whatever happens. */
  readonly absoluteMs: number;
  /** Without any request and without an open socket. */
  readonly idleMs: number;
}

const hour = 3_600_000;

/** A shift for those who watch, a day for a phone on patrol, short for those who can change the house. */
export const sessionLimits: Readonly<Record<Role, SessionLimits>> = {
  viewer: { absoluteMs: 12 * hour, idleMs: 2 * hour },
  seat: { absoluteMs: 12 * hour, idleMs: 2 * hour },
  patrol: { absoluteMs: 24 * hour, idleMs: 12 * hour },
  reviewer: { absoluteMs: 12 * hour, idleMs: 2 * hour },
  auditor: { absoluteMs: 12 * hour, idleMs: hour },
  engineer: { absoluteMs: 12 * hour, idleMs: hour },
  admin: { absoluteMs: 12 * hour, idleMs: hour },
};

export const shortestIdleMs = Math.min(...Object.values(sessionLimits).map(({ idleMs }) => idleMs));
export const shortestAbsoluteMs = Math.min(...Object.values(sessionLimits).map(({ absoluteMs }) => absoluteMs));

export interface SessionTimes {
  readonly role: Role;
  readonly disabled: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export type SessionEnd = 'expired' | 'idle' | 'disabled';

/** Why the session does not hold any more at `now`, or undefined while it does. A role cut shortens what runs already. */
export function sessionEnd(times: SessionTimes, now: Date): SessionEnd | undefined {
  const { absoluteMs, idleMs } = sessionLimits[times.role];
  if (times.disabled) return 'disabled';
  if (now >= times.expiresAt || now.getTime() - times.createdAt.getTime() >= absoluteMs) return 'expired';
  if (now.getTime() - times.lastSeenAt.getTime() >= idleMs) return 'idle';
  return undefined;
}
