import { type Static, Type } from 'typebox';
import { Signature } from '../../alert.ts';

/** Footage that retention leaves alone until somebody lets it go; times are RFC 3339 UTC. */
export const Lock = Type.Object({
  id: Type.String(),
  camera: Type.String(),
  area: Type.Optional(Type.String()),
  from: Type.String(),
  to: Type.String(),
  headline: Type.String(),
  reason: Type.String(),
  /** The request for evidence that it was made for. */
  request: Type.Optional(Type.String()),
  lockedBy: Signature,
  /** From then on it may be let go by anybody who may at all; until somebody does, it holds. */
  expiresAt: Type.Optional(Type.String()),
  releasedBy: Type.Optional(Signature),
});
export type Lock = Readonly<Static<typeof Lock>>;

/** A lock with how long it is still to last. */
export const LockView = Type.Object({
  ...Lock.properties,
  state: Type.Enum(['standing', 'expiring', 'expired', 'released']),
});
export type LockView = Readonly<Static<typeof LockView>>;

/** Whoever works with a lock that ends is told a week before. */
export const warnMs = 7 * 86_400_000;

/** No clock lets go of anything (T10): what has expired still holds, and says so. */
export function lockView(lock: Lock, now: Date): LockView {
  const { expiresAt, releasedBy } = lock;
  if (releasedBy) return { ...lock, state: 'released' };
  const leftMs = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now.getTime();
  if (leftMs <= 0) return { ...lock, state: 'expired' };
  return { ...lock, state: leftMs <= warnMs ? 'expiring' : 'standing' };
}

/** Two people let go of what is locked: whoever locked it, by an end that has come, and somebody else at any time. */
export function mayRelease({ lockedBy, expiresAt }: Lock, by: { readonly id: string }, now: Date): boolean {
  if (by.id !== lockedBy.id) return true;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
}
