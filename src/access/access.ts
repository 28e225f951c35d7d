import type { Actor, Role } from '../shared/actor.ts';
import { type Log, silentLog } from '../shared/log.ts';
import { appendLedger, type LedgerLink } from '../store/ledger-repository.ts';
import { countBareAdmins } from '../store/second-factors-repository.ts';
import type { Store } from '../store/store.ts';
import { Accounts } from './accounts.ts';
import { type Denial, Denials } from './denials.ts';
import { UnauthenticatedError } from './errors.ts';
import { type InstallationKeys, passingKeys } from './keys/installation-keys.ts';
import { Deeds } from './ledger/deeds.ts';
import { LedgerHeads } from './ledger/ledger-heads.ts';
import { LoginThrottle } from './login-throttle.ts';
import { type Login, Logins, type OpenedSession } from './logins.ts';
import type { OidcConfig } from './oidc/oidc-config.ts';
import { OidcIssuer } from './oidc/oidc-issuer.ts';
import { OidcLogins } from './oidc/oidc-logins.ts';
import type { HashCost } from './password-hash.ts';
import { PasswordKeeper } from './password-keeper.ts';
import { SecondFactors } from './second-factor/second-factors.ts';
import type { SessionActor } from './session-actor.ts';
import { type SessionEnded, Sessions } from './sessions.ts';
import { type IssuedTicket, StreamTickets, type TicketHolder } from './stream-tickets.ts';
import { ApiTokens, isApiToken } from './tokens/api-tokens.ts';
import { WatchRecords } from './watches/watch-records.ts';

export interface AccessOptions {
  readonly store: Store;
  readonly log?: Log;
  readonly now?: () => Date;
  /** Cheaper in tests only. */
  readonly hashCost?: HashCost;
  /** Repeated denials are written once in this time. */
  readonly denialsEveryMs?: number;
  /** Of this process only when left out. */
  readonly keys?: InstallationKeys;
  /** The file of signed heads of the ledger; none are written when left out. */
  readonly heads?: string;
  /** Who must have a second factor. */
  readonly factorRoles?: readonly Role[];
  /** The login of another house. */
  readonly oidc?: OidcConfig;
}

/** Who may: logs accounts in, recognises their sessions, lends stream tickets, and tells when a session ends. */
export class Access {
  readonly store: Store;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly passwords: PasswordKeeper;
  readonly tokens: ApiTokens;
  readonly watches: WatchRecords;
  readonly deeds: Deeds;
  readonly oidc: OidcLogins | undefined;
  readonly secondFactors: SecondFactors;
  readonly keys: InstallationKeys;
  /** Where the heads of the ledger are. */
  readonly headsPath: string | undefined;
  readonly #heads: LedgerHeads | undefined;
  readonly #logins: Logins;
  readonly #denials: Denials;
  readonly #tickets = new StreamTickets();
  readonly #actors = new WeakMap<object, SessionActor>();

  constructor({ store, log = silentLog, now = () => new Date(), denialsEveryMs = 60_000, ...options }: AccessOptions) {
    const { hashCost, keys = passingKeys(), heads, factorRoles = [] } = options;
    this.store = store;
    this.keys = keys;
    this.headsPath = heads;
    this.#heads = heads === undefined ? undefined : new LedgerHeads({ store, path: heads, key: keys.signing, log });
    const passwords = new PasswordKeeper(hashCost);
    const sessions = new Sessions({ store, log, now, factorRoles });
    const throttle = new LoginThrottle(store);
    const denials = new Denials({ store, log, everyMs: denialsEveryMs });
    const accounts = new Accounts({ store, passwords, sessions });
    this.passwords = passwords;
    this.sessions = sessions;
    this.accounts = accounts;
    this.tokens = new ApiTokens({ store, log, now, announce: (ended) => sessions.announce(ended) });
    const issuer = options.oidc && new OidcIssuer(options.oidc, log);
    this.oidc = issuer && new OidcLogins({ store, accounts, sessions, issuer });
    this.watches = new WatchRecords({ store, log });
    this.deeds = new Deeds({ store, log });
    this.#denials = denials;
    const secondFactors = new SecondFactors({ store, sessions, throttle, key: keys.sealing, now });
    this.secondFactors = secondFactors;
    const parts = { accounts, passwords, sessions, denials, throttle, secondFactors };
    this.#logins = new Logins({ store, now, factorRoles, ...parts });
    sessions.on('ended', ({ session }) => this.#tickets.revoke(session));
  }

  /** Whether the heads of the ledger reach their file. */
  get ledgerHealth(): 'ok' | 'not written' {
    return this.#heads?.health ?? 'ok';
  }

  /** How many admins are known by a password and nothing else. */
  bareAdmins(): Promise<number> {
    return countBareAdmins(this.store.db);
  }

  /** Begins to end sessions whose time is over, and to sign the ledger. */
  start(): void {
    this.sessions.start();
    this.tokens.start();
    this.watches.start();
    this.deeds.start();
    this.#heads?.start();
  }

  /** Safe to call twice; what was denied until now is in the ledger afterwards. */
  async close(): Promise<void> {
    await this.sessions.close();
    await this.tokens.close();
    await this.watches.close();
    await this.deeds.close();
    await this.#denials.close();
    await this.#heads?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Fails with `TooManyTriesError` (429), `BusyError` (503), and 401 for what is wrong or missing. */
  async login(login: Login): Promise<OpenedSession> {
    return await this.#logins.open(login);
  }

  async logout(actor: SessionActor): Promise<void> {
    const ended = await this.store.transaction(async (tx) => {
      const wasOpen = await this.sessions.end(tx, actor.session);
      if (wasOpen) await appendLedger(tx, { actor, action: 'logout', result: 'ok' });
      return wasOpen;
    });
    if (ended) this.sessions.announce([{ session: actor.session, account: actor.id, reason: 'logout' }]);
  }

  /** Who is behind the token of a bearer header or a cookie; undefined when nobody is (any more). */
  async authenticate(token: string): Promise<SessionActor | undefined> {
    return isApiToken(token) ? await this.tokens.recognise(token) : await this.sessions.recognise(token);
  }

  /** Remembers who makes the request, for `actorOf`, as long as the request object lives. */
  admit(request: object, actor: SessionActor): void {
    this.#actors.set(request, actor);
  }

  /** Who makes the request. Fails with `UnauthenticatedError` where a route let it through without a session. */
  readonly actorOf = (request: object): SessionActor => {
    const actor = this.#actors.get(request);
    if (!actor) throw new UnauthenticatedError();
    return actor;
  };

  /** Who makes the request, where a route is open to a ticket as well. */
  readonly knownActorOf = (request: object): SessionActor | undefined => this.#actors.get(request);

  /** Calls back for each session that ends: by logout, time, or a change of its account. Call the answer to stop that. */
  readonly sessionEnded = (listener: (ended: SessionEnded) => void): (() => void) => {
    this.sessions.on('ended', listener);
    return () => this.sessions.off('ended', listener);
  };

  /** A ticket for one stream of one camera, recorded in the ledger before it is given. */
  readonly issueTicket = async (actor: Actor, camera: string, incident?: string): Promise<IssuedTicket> => {
    const details = incident === undefined ? {} : { details: { incident } };
    const entry = { actor, action: 'ticket.issue', object: camera, result: 'ok', ...details } as const;
    await this.store.transaction((tx) => appendLedger(tx, entry));
    return this.#tickets.issue(actor, camera, incident);
  };

  /** Whoever the ticket was issued to, once and for that camera only. */
  readonly redeemTicket = (ticket: string, camera: string): TicketHolder | undefined =>
    this.#tickets.redeem(ticket, camera);

  /** Signs this row by itself outside of the database; what cannot be signed now is told of and waits for the next head. */
  readonly signRow = async (row: LedgerLink): Promise<void> => {
    await this.#heads?.sign(row);
  };

  denied(denial: Denial): void {
    this.#denials.add(denial);
  }
}
