import { randomBytes } from 'node:crypto';
import type { Actor } from '../shared/actor.ts';

/** Shown once to the client; opens one stream of one camera, once. */
export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

/** Whoever it was issued to, and the incident they said it was for. */
export type TicketHolder = Actor & { readonly incident?: string };

interface Ticket {
  readonly actor: Actor;
  readonly session: string | undefined;
  readonly camera: string;
  readonly incident: string | undefined;
  readonly expiresAt: number;
}

const lifetimeMs = 30_000;
/** All outstanding tickets, and those of one account: the oldest gives way. A 64-tile wall asks for 64 at once. */
const mostTickets = 20_000;
const mostOfAccount = 200;

const sessionOf = (actor: Actor & { readonly session?: string }) => actor.session;

/** Stream tickets: random, at most 30 s, single use, bound to an account and a camera (T36). Kept in memory only. */
export class StreamTickets {
  readonly #tickets = new Map<string, Ticket>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#tickets.size;
  }

  issue(actor: Actor, camera: string, incident?: string): IssuedTicket {
    this.#makeRoom(actor.id);
    const ticket = randomBytes(24).toString('base64url');
    const expiresAt = this.#now() + lifetimeMs;
    this.#tickets.set(ticket, { actor, session: sessionOf(actor), camera, incident, expiresAt });
    return { ticket, expiresAt: new Date(Date.now() + lifetimeMs) };
  }

  /** Whoever it was issued to; a ticket shown for another camera is spent all the same. */
  redeem(ticket: string, camera: string): TicketHolder | undefined {
    const found = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!found || found.camera !== camera || found.expiresAt <= this.#now()) return undefined;
    const { actor, incident } = found;
    return incident === undefined ? actor : { ...actor, incident };
  }

  /** A session that ended takes its tickets along. */
  revoke(session: string): void {
    for (const [ticket, found] of this.#tickets) if (found.session === session) this.#tickets.delete(ticket);
  }

  /** The map keeps the order of issue, so what expired is in front. */
  #makeRoom(account: string): void {
    const now = this.#now();
    for (const [ticket, { expiresAt }] of this.#tickets) {
      if (expiresAt > now && this.#tickets.size < mostTickets) break;
      this.#tickets.delete(ticket);
    }
    const own = [...this.#tickets].filter(([, { actor }]) => actor.id === account);
    for (const [ticket] of own.slice(0, Math.max(0, own.length - mostOfAccount + 1))) this.#tickets.delete(ticket);
  }
}
