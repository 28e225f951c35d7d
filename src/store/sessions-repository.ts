import { type Account, accountOf } from './accounts-repository.ts';
import type { Queries, Tx } from './store.ts';

/** A session and whose it is; `tokenHash` is the SHA-256 of the token in hex and also the session's id. */
export interface StoredSession {
  readonly tokenHash: string;
  readonly account: Account;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** Whether more than the password is known of who opened it: a second factor, or another house's login. */
  readonly hasFactor: boolean;
}

const withAccount = (db: Queries) =>
  db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .leftJoin('second_factors', 'second_factors.account_id', 'sessions.account_id')
    .select(['sessions.token_hash', 'sessions.created_at as begun_at', 'sessions.last_seen_at', 'sessions.expires_at'])
    .select(['accounts.id', 'accounts.name', 'accounts.role', 'accounts.areas', 'accounts.unit', 'accounts.disabled'])
    .select(['accounts.created_at', 'accounts.subject', 'second_factors.confirmed_at']);

type Row = Awaited<ReturnType<ReturnType<typeof withAccount>['executeTakeFirstOrThrow']>>;

const sessionOf = (row: Row): StoredSession => ({
  tokenHash: row.token_hash,
  account: accountOf(row),
  createdAt: new Date(row.begun_at),
  lastSeenAt: new Date(row.last_seen_at),
  expiresAt: new Date(row.expires_at),
  hasFactor: row.confirmed_at !== null || row.subject !== null,
});

export async function insertSession(tx: Tx, session: Omit<StoredSession, 'lastSeenAt' | 'hasFactor'>): Promise<void> {
  const begun = session.createdAt.toISOString();
  const row = { token_hash: session.tokenHash, account_id: session.account.id, created_at: begun, last_seen_at: begun };
  await tx
    .insertInto('sessions')
    .values({ ...row, expires_at: session.expiresAt.toISOString() })
    .execute();
}

export async function findSession(db: Queries, tokenHash: string): Promise<StoredSession | undefined> {
  const row = await withAccount(db).where('sessions.token_hash', '=', tokenHash).executeTakeFirst();
  return row && sessionOf(row);
}

export async function sessionsOf(db: Queries, accountId: string): Promise<StoredSession[]> {
  const rows = await withAccount(db).where('sessions.account_id', '=', accountId).execute();
  return rows.map(sessionOf);
}

/** Sessions that may be over: expired at `now`, begun or last seen before those times, or of a disabled account. */
export async function doubtfulSessions(
  db: Queries,
  { now, begunBefore, seenBefore }: { now: Date; begunBefore: Date; seenBefore: Date },
): Promise<StoredSession[]> {
  const rows = await withAccount(db)
    .where((where) =>
      where.or([
        where('sessions.expires_at', '<=', now.toISOString()),
        where('sessions.created_at', '<=', begunBefore.toISOString()),
        where('sessions.last_seen_at', '<=', seenBefore.toISOString()),
        where('accounts.disabled', '=', 1),
      ]),
    )
    .execute();
  return rows.map(sessionOf);
}

/** Marks sessions as used at `at`, those only that were last seen before `ifBefore`. */
export async function touchSessions(
  db: Queries,
  tokenHashes: readonly string[],
  { at, ifBefore }: { at: Date; ifBefore: Date },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: at.toISOString() })
    .where('token_hash', 'in', [...tokenHashes])
    .where('last_seen_at', '<', ifBefore.toISOString())
    .execute();
}

/** Those of the sessions that are still there. */
export async function sessionsLeft(db: Queries, tokenHashes: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sessions')
    .select('token_hash')
    .where('token_hash', 'in', [...tokenHashes])
    .execute();
  return new Set(rows.map(({ token_hash }) => token_hash));
}

/** False when it was gone already: of two that end a session only one tells about it. */
export async function deleteSession(tx: Tx, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('sessions')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
