import type { Actor, Role } from '../shared/actor.ts';

/**
 * Who may use a route: everybody, any account, a bearer of a stream ticket (the route redeems it) or any account, or the
 * named roles. `admin` may always.
 */
export type RouteAccess = 'public' | 'any' | 'ticket' | readonly Role[];

export type AccessDecision = 'allow' | 'login' | 'forbidden' | 'undeclared';

/** The one rule for HTTP, sockets and media: what declares nothing is denied to all. */
export function decideAccess(
  access: RouteAccess | undefined,
  actor: Actor | undefined,
  hasTicket: boolean,
): AccessDecision {
  if (access === undefined) return 'undeclared';
  if (access === 'public') return 'allow';
  if (access === 'ticket' && hasTicket) return 'allow';
  if (actor === undefined) return 'login';
  if (typeof access === 'string' || actor.role === 'admin') return 'allow';
  return access.some((role) => role === actor.role) ? 'allow' : 'forbidden';
}
