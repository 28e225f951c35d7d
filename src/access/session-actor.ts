import type { Actor, Role } from '../shared/actor.ts';
import type { Account } from '../store/accounts-repository.ts';
import type { StoredSession } from '../store/sessions-repository.ts';

/**
 * An actor behind a session; `session` is its id (the token's hash), good for nothing but telling sessions apart. A machine
 * has a `token` and no login.
 */
export type SessionActor = Actor & {
  readonly session: string;
  readonly role: Role;
  readonly token?: string;
  readonly enrolling?: boolean;
  readonly hasFactor?: boolean;
};

export function actorOfAccount({ id, name, role, areas, unit }: Account): Actor & { readonly role: Role } {
  return { id, name, role, areas, ...(unit !== undefined && { unit }) };
}

/** Whoever must have a second factor and has none may do nothing but set it up. */
export function actorOfSession(
  { tokenHash, account, hasFactor }: StoredSession,
  factorRoles: readonly Role[],
): SessionActor {
  const enrolling = !hasFactor && factorRoles.includes(account.role);
  return {
    ...actorOfAccount(account),
    session: tokenHash,
    ...(hasFactor && { hasFactor }),
    ...(enrolling && { enrolling }),
  };
}
