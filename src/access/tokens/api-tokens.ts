import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, maySee, type Role } from '../../shared/actor.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Log } from '../../shared/log.ts';
import { type Account, findAccount } from '../../store/accounts-repository.ts';
import {
  type ApiToken,
  apiTokensOf,
  endedTokens,
  findApiToken,
  insertApiToken,
  revokeApiToken,
  touchApiToken,
} from '../../store/api-tokens-repository.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Store } from '../../store/store.ts';
import { UnknownAccountError } from '../accounts.ts';
import { actorOfAccount, type SessionActor } from '../session-actor.ts';
import type { SessionEnded } from '../sessions.ts';

export class UnknownTokenError extends AppError {
  readonly code = 'UNKNOWN_TOKEN';
  override readonly statusCode = 404;

  constructor() {
    super('the account has no such token that is not revoked');
  }
}

/** It would open doors that are closed to its account. */
export class TokenBeyondAccountError extends AppError {
  readonly code = 'TOKEN_BEYOND_ACCOUNT';
  override readonly statusCode = 400;

  constructor({ name, role }: Account) {
    super(`a token of ${name} may be viewer or ${role === 'admin' ? 'any role but admin' : role}, within its areas`);
  }
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly days: number;
}

export interface ApiTokensOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Date;
  /** Tells whoever serves the token that it holds no more. */
  readonly announce: (ended: readonly SessionEnded[]) => void;
}

/** No session begins like this: they are base64url. */
const prefix = 'tianliang.';
const dayMs = 86_400_000;
const sweepEveryMs = 2_000;
const touchEveryMs = 60_000;
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

export const isApiToken = (token: string) => token.startsWith(prefix);

/** Tokens of machines: shown once, stored as hashes, cut from all they hold within seconds of being revoked. */
export class ApiTokens {
  readonly #options: ApiTokensOptions;
  readonly #closing = new AbortController();
  /** Those that were let in, by their hash, with the account they belong to. */
  readonly #seen = new Map<string, string>();
  #sweeping: Promise<void> | undefined;

  constructor(options: ApiTokensOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sweeping ??= this.#run(this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sweeping;
  }

  /** Fails with `UnknownAccountError` or `TokenBeyondAccountError`. The token is in the answer and nowhere else. */
  async add(account: string, wanted: NewToken, actor: Actor): Promise<ApiToken & { readonly token: string }> {
    const { days, ...rights } = wanted;
    const token = `${prefix}${randomBytes(32).toString('base64url')}`;
    const now = this.#options.now();
    const expiresAt = new Date(now.getTime() + days * dayMs).toISOString();
    const made: ApiToken = { id: randomUUIDv7(), ...rights, createdAt: now.toISOString(), expiresAt };
    await this.#options.store.transaction(async (tx) => {
      const owner = await findAccount(tx, account);
      if (!owner) throw new UnknownAccountError();
      if (!isWithin(owner, wanted)) throw new TokenBeyondAccountError(owner);
      await insertApiToken(tx, { ...made, account, tokenHash: hashOf(token) });
      const details = { token: made.id, ...rights, expiresAt };
      await appendLedger(tx, { actor, action: 'token.add', object: owner.name, result: 'ok', details });
    });
    return { ...made, token };
  }

  /** Fails with `UnknownAccountError`. */
  async list(account: string): Promise<ApiToken[]> {
    const { db } = this.#options.store;
    if (!(await findAccount(db, account))) throw new UnknownAccountError();
    return await apiTokensOf(db, account);
  }

  /** Fails with `UnknownAccountError` or `UnknownTokenError`. */
  async revoke(account: string, id: string, actor: Actor): Promise<void> {
    const at = this.#options.now();
    const session = await this.#options.store.transaction(async (tx) => {
      const owner = await findAccount(tx, account);
      if (!owner) throw new UnknownAccountError();
      const hash = await revokeApiToken(tx, { id, account, at });
      if (hash === undefined) throw new UnknownTokenError();
      await appendLedger(tx, {
        actor,
        action: 'token.revoke',
        object: owner.name,
        result: 'ok',
        details: { token: id },
      });
      return hash;
    });
    this.#seen.delete(session);
    this.#options.announce([{ session, account, reason: 'revoked' }]);
  }

  async recognise(text: string): Promise<SessionActor | undefined> {
    const now = this.#options.now();
    const session = hashOf(text);
    const { store } = this.#options;
    const found = await findApiToken(store.db, { tokenHash: session, now });
    if (!found) return undefined;
    const { token, account } = found;
    const isOld = now.getTime() - Date.parse(token.lastUsedAt ?? '1970-01-01') >= touchEveryMs;
    if (isOld) await touchApiToken(store.db, token.id, now);
    this.#seen.set(session, account.id);
    const { id, name, role, areas } = token;
    return { ...actorOfAccount(account), id, name: `${account.name}/${name}`, role, areas, session, token: id };
  }

  /** Finds what holds no more, also when another process (the command line) revoked it. */
  async sweep(): Promise<void> {
    if (this.#seen.size === 0) return;
    const { store, announce, now } = this.#options;
    const seen = new Map(this.#seen);
    const ended = await endedTokens(store.db, [...seen.keys()], now());
    for (const session of ended.keys()) this.#seen.delete(session);
    announce([...ended].map(([session, reason]) => ({ session, account: seen.get(session) ?? '', reason })));
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.sweep().catch((err) => this.#options.log.error({ err }, 'tokens could not be swept'));
      await sleep(sweepEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function isWithin(owner: Account, { role, areas }: NewToken): boolean {
  const mayBe = role === 'viewer' || (owner.role === 'admin' ? role !== 'admin' : role === owner.role);
  const actor = actorOfAccount(owner);
  return mayBe && (areas === 'all' ? owner.areas === 'all' : areas.every((area) => maySee(actor, area)));
}
