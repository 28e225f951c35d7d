import type { Actor, Role } from '../shared/actor.ts';

/**
 * Who may use a route: everybody; any `account`, about itself only; any account that works in the house; a bearer of a
 * stream ticket (the route redeems it) or who `any` lets in; or the named roles. `admin` may always, an auditor only what
 * names it.
 */
export type RouteAccess = 'public' | 'account' | 'any' | 'ticket' | readonly Role[];

export type AccessDecision = 'allow' | 'login' | 'enrol' | 'forbidden' | 'limited' | 'undeclared';

/** Who asks; `token` is set of a machine, `enrolling` of somebody who has yet to set up the second factor that is asked of them. */
export interface Asking extends Pick<Actor, 'role' | 'areas'> {
  readonly token?: string;
  readonly enrolling?: boolean;
}

export interface Asked {
  readonly hasTicket: boolean;
  /** Accounts, credentials and what leaves the house: for people only. */
  readonly personal: boolean;
  /** It concerns all areas. */
  readonly wholeSite: boolean;
}

/** Told by the address, so that a new route of these is closed to machines without a word. */
export function isPersonal(url: string): boolean {
  return /^\/api\/v1\/(?:accounts|auth\/(?!me$)|evidence|locks)|evidence|\.(?:zip|mp4)$/.test(url);
}

/** The one rule for HTTP, sockets and media: what declares nothing is denied to all. */
export function decideAccess(access: RouteAccess | undefined, actor: Asking | undefined, asked: Asked): AccessDecision {
  if (access === undefined) return 'undeclared';
  if (access === 'public' || (access === 'ticket' && asked.hasTicket)) return 'allow';
  return actor === undefined ? 'login' : decideFor(actor, access, asked);
}

type Guarded = Exclude<RouteAccess, 'public'>;

function decideFor(actor: Asking, access: Guarded, { personal, wholeSite }: Asked): AccessDecision {
  if (actor.token !== undefined && personal) return 'forbidden';
  if (access === 'account') return 'allow';
  if (actor.enrolling) return 'enrol';
  if (!mayUse(access, actor.role)) return 'forbidden';
  return wholeSite && actor.areas !== 'all' ? 'limited' : 'allow';
}

function mayUse(access: Exclude<Guarded, 'account'>, role: Asking['role']): boolean {
  if (role === 'admin') return true;
  if (typeof access === 'string') return role !== 'auditor';
  return access.some((one) => one === role);
}
