import { createHash } from 'node:crypto';
import { type Actor, maySee } from '../../shared/actor.ts';
import type { Incident } from './incident.ts';
import { IncidentNotFoundError, IncidentStaleError } from './incident-errors.ts';
import type { Mover } from './incident-move.ts';

/** Who commands; the same key of the same actor is the same command, and the version is the one that was decided on. */
export interface Command {
  readonly actor: Actor;
  readonly key?: string | undefined;
  readonly version?: number | undefined;
}

/** What two commands under the same key must have in common. */
export function meaningOf(asked: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url');
}

/** Another area's incident does not exist for the actor, unless its unit was sent there. */
export function seenBy(actor: Actor, id: string, incident: Incident | undefined): Incident {
  const { unit } = actor;
  const isSent = unit !== undefined && incident?.assignments.some((one) => one.unit === unit);
  if (!incident || !(isSent || maySee(actor, incident.area))) throw new IncidentNotFoundError(id);
  return incident;
}

/** Fails with `INCIDENT_STALE` when it is not as the actor saw it. */
export function sureOfVersion({ id, version }: Incident, expected: number | undefined): void {
  if (expected !== undefined && expected !== version) throw new IncidentStaleError(id, expected, version);
}

/** A patrol speaks for its unit, and for nobody when it has none. */
export function moverOf({ id, name, role, unit }: Actor, now: Date): Mover {
  return { id, name, at: now.toISOString(), ...(role === 'patrol' && { unit: unit ?? '' }) };
}
