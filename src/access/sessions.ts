import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../shared/actor.ts';
import type { Log } from '../shared/log.ts';
import type { Account } from '../store/accounts-repository.ts';
import { appendLedger } from '../store/ledger-repository.ts';
import {
  deleteSession,
  doubtfulSessions,
  findSession,
  insertSession,
  type StoredSession,
  sessionsLeft,
  sessionsOf,
  touchSessions,
} from '../store/sessions-repository.ts';
import type { Store, Tx } from '../store/store.ts';
import { actorOfAccount, actorOfSession, type SessionActor } from './session-actor.ts';
import { type SessionEnd, sessionEnd, sessionLimits, shortestAbsoluteMs, shortestIdleMs } from './session-limits.ts';

export interface SessionEnded {
  readonly session: string;
  /** The account's id. */
  readonly account: string;
  readonly reason: SessionEnd | 'logout' | 'changed' | 'revoked';
}

export interface SessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Date;
  /** Who must have a second factor. */
  readonly factorRoles: readonly Role[];
}

interface Held {
  readonly account: string;
  readonly times: number;
}

const sweepEveryMs = 2_000;
const touchEveryMs = 60_000;
/** A statement takes this many sessions at once. */
const touchBatch = 500;

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const endOf = ({ account, ...session }: StoredSession, now: Date) => sessionEnd({ ...session, ...pick(account) }, now);
const pick = ({ role, disabled }: Account) => ({ role, disabled });

/** Sessions in the store: opened, recognised, ended. Emits `ended` within seconds of whatever ended one. */
export class Sessions extends EventEmitter<{ ended: [SessionEnded] }> {
  readonly #options: SessionsOptions;
  readonly #held = new Map<string, Held>();
  readonly #closing = new AbortController();
  #sweeping: Promise<void> | undefined;

  constructor(options: SessionsOptions) {
    super();
    this.#options = options;
    this.setMaxListeners(0);
  }

  start(): void {
    this.#sweeping ??= this.#run(this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sweeping;
  }

  /** 256 random bits; the store learns only their SHA-256. */
  async open(tx: Tx, account: Account): Promise<{ token: string; expiresAt: Date }> {
    const token = randomBytes(32).toString('base64url');
    const createdAt = this.#options.now();
    const expiresAt = new Date(createdAt.getTime() + sessionLimits[account.role].absoluteMs);
    await insertSession(tx, { tokenHash: hashOf(token), account, createdAt, expiresAt });
    return { token, expiresAt };
  }

  /** Who is behind the token, or undefined for every reason not to believe it. */
  async recognise(token: string): Promise<SessionActor | undefined> {
    const now = this.#options.now();
    const session = await findSession(this.#options.store.db, hashOf(token));
    if (!session || endOf(session, now)) return undefined;
    if (now.getTime() - session.lastSeenAt.getTime() >= touchEveryMs) await this.#touch([session.tokenHash], now);
    return actorOfSession(session, this.#options.factorRoles);
  }

  /** An open socket or a request under way keeps the session from going idle; call the answer when it is over. */
  hold({ session, id: account }: SessionActor): () => void {
    const { times } = this.#held.get(session) ?? { times: 0 };
    this.#held.set(session, { account, times: times + 1 });
    let held = true;
    return () => {
      if (held) this.#letGo(session);
      held = false;
    };
  }

  async end(tx: Tx, session: string): Promise<boolean> {
    return await deleteSession(tx, session);
  }

  /** Ends every session of an account in the given transaction; `announce` them once it is committed. */
  async endAllOf(tx: Tx, account: string, reason: SessionEnded['reason']): Promise<SessionEnded[]> {
    const ended = await sessionsOf(tx, account);
    for (const { tokenHash } of ended) await deleteSession(tx, tokenHash);
    return ended.map(({ tokenHash }) => ({ session: tokenHash, account, reason }));
  }

  announce(ended: readonly SessionEnded[]): void {
    for (const each of ended) this.emit('ended', each);
  }

  /** Ends what is expired, idle or disabled, also when another process (the command line) disabled it. */
  async sweep(): Promise<void> {
    const { store } = this.#options;
    const now = this.#options.now();
    await this.#touchHeld(now);
    await this.#tellOfGone();
    const before = (ms: number) => new Date(now.getTime() - ms);
    const old = { begunBefore: before(shortestAbsoluteMs), seenBefore: before(shortestIdleMs) };
    const doubtful = await doubtfulSessions(store.db, { now, ...old });
    for (const session of doubtful) {
      const reason = endOf(session, now);
      if (reason && (await this.#endFor(session, reason))) this.announce([endedOf(session, reason)]);
    }
  }

  async #endFor({ tokenHash, account }: StoredSession, reason: SessionEnd): Promise<boolean> {
    const entry = {
      actor: actorOfAccount(account),
      action: 'session.ended',
      result: 'ok',
      details: { reason },
    } as const;
    return await this.#options.store.transaction(async (tx) => {
      const wasOpen = await deleteSession(tx, tokenHash);
      if (wasOpen) await appendLedger(tx, entry);
      return wasOpen;
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sweep().catch((err) => this.#options.log.error({ err }, 'sessions could not be swept'));
      await sleep(sweepEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Another process (the command line) ended them. */
  async #tellOfGone(): Promise<void> {
    const held = [...this.#held];
    for (let at = 0; at < held.length; at += touchBatch) {
      const some = held.slice(at, at + touchBatch);
      const ids = some.map(([session]) => session);
      const left = await sessionsLeft(this.#options.store.db, ids);
      const gone = some.filter(([session]) => !left.has(session));
      this.announce(gone.map(([session, { account }]) => ({ session, account, reason: 'changed' })));
    }
  }

  async #touchHeld(now: Date): Promise<void> {
    const held = [...this.#held.keys()];
    for (let at = 0; at < held.length; at += touchBatch) await this.#touch(held.slice(at, at + touchBatch), now);
  }

  async #touch(sessions: readonly string[], at: Date): Promise<void> {
    await touchSessions(this.#options.store.db, sessions, { at, ifBefore: new Date(at.getTime() - touchEveryMs) });
  }

  #letGo(session: string): void {
    const held = this.#held.get(session);
    if (held && held.times > 1) this.#held.set(session, { ...held, times: held.times - 1 });
    else this.#held.delete(session);
  }
}

function endedOf({ tokenHash, account }: StoredSession, reason: SessionEnd): SessionEnded {
  return { session: tokenHash, account: account.id, reason };
}
