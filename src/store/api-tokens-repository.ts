import { type Role, roles } from '../shared/actor.ts';
import { type Account, accountOf } from './accounts-repository.ts';
import type { Queries, Tx } from './store.ts';

export interface ApiTokensTable {
  id: string;
  account_id: string;
  /** SHA-256 of the token, hex: the token itself is never stored. */
  token_hash: string;
  name: string;
  role: string;
  /** JSON: a list of area ids, or "all". */
  areas: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

declare module './schema.ts' {
  interface Database {
    api_tokens: ApiTokensTable;
  }
}

/** What a machine may do in the name of an account. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
}

function tokenOf(row: ApiTokensTable): ApiToken {
  const { id, name, created_at: createdAt, expires_at: expiresAt } = row;
  const areas = JSON.parse(row.areas) as readonly string[] | 'all';
  return {
    ...{ id, name, areas, createdAt, expiresAt },
    role: roles.find((role) => role === row.role) ?? 'viewer',
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  };
}

export interface NewApiToken extends ApiToken {
  readonly account: string;
  readonly tokenHash: string;
}

export async function insertApiToken(tx: Tx, token: NewApiToken): Promise<void> {
  const { id, name, role, areas, account, tokenHash, createdAt, expiresAt } = token;
  const whose = { id, account_id: account, token_hash: tokenHash };
  await tx
    .insertInto('api_tokens')
    .values({
      ...{ ...whose, name, role, areas: JSON.stringify(areas) },
      ...{ created_at: createdAt, expires_at: expiresAt, last_used_at: null, revoked_at: null },
    })
    .execute();
}

/** Oldest first. */
export async function apiTokensOf(db: Queries, account: string): Promise<ApiToken[]> {
  const rows = await db.selectFrom('api_tokens').selectAll().where('account_id', '=', account).orderBy('id').execute();
  return rows.map(tokenOf);
}

/** A token that holds at `now`, and whose it is. */
export async function findApiToken(
  db: Queries,
  { tokenHash, now }: { tokenHash: string; now: Date },
): Promise<{ token: ApiToken; account: Account } | undefined> {
  const row = await holding(db, now).selectAll('api_tokens').where('token_hash', '=', tokenHash).executeTakeFirst();
  if (!row) return undefined;
  const account = await db.selectFrom('accounts').selectAll().where('id', '=', row.account_id).executeTakeFirst();
  return account && { token: tokenOf(row), account: accountOf(account) };
}

/** Why a token holds no more. */
export type TokenEnd = 'revoked' | 'disabled' | 'expired';

/** Those of the hashes whose token does not hold at `now`, and why. */
export async function endedTokens(
  db: Queries,
  tokenHashes: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, TokenEnd>> {
  const rows = await db
    .selectFrom('api_tokens')
    .innerJoin('accounts', 'accounts.id', 'api_tokens.account_id')
    .select(['api_tokens.token_hash', 'api_tokens.revoked_at', 'api_tokens.expires_at', 'accounts.disabled'])
    .where('api_tokens.token_hash', 'in', [...tokenHashes])
    .execute();
  const found = new Map(rows.map(({ token_hash, ...row }) => [token_hash, endOf(row, now.toISOString())]));
  // One that is not there any more was taken back as well.
  const all = tokenHashes.map((hash) => [hash, found.has(hash) ? found.get(hash) : 'revoked'] as const);
  return new Map(all.flatMap(([hash, end]) => (end ? [[hash, end]] : [])));
}

function endOf(
  { disabled, revoked_at, expires_at }: { disabled: number; revoked_at: string | null; expires_at: string },
  now: string,
): TokenEnd | undefined {
  if (disabled !== 0) return 'disabled';
  if (revoked_at !== null) return 'revoked';
  return expires_at <= now ? 'expired' : undefined;
}

export async function touchApiToken(db: Queries, id: string, at: Date): Promise<void> {
  await db.updateTable('api_tokens').set({ last_used_at: at.toISOString() }).where('id', '=', id).execute();
}

/** The hash of the token, undefined when it was revoked already or is none of the account's. */
export async function revokeApiToken(
  tx: Tx,
  { id, account, at }: { id: string; account: string; at: Date },
): Promise<string | undefined> {
  const row = await tx
    .updateTable('api_tokens')
    .set({ revoked_at: at.toISOString() })
    .where('id', '=', id)
    .where('account_id', '=', account)
    .where('revoked_at', 'is', null)
    .returning('token_hash')
    .executeTakeFirst();
  return row?.token_hash;
}

/** All of an account; answers their hashes. */
export async function revokeApiTokensOf(tx: Tx, account: string, at: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('api_tokens')
    .set({ revoked_at: at.toISOString() })
    .where('account_id', '=', account)
    .where('revoked_at', 'is', null)
    .returning('token_hash')
    .execute();
  return rows.map(({ token_hash }) => token_hash);
}

const holding = (db: Queries, now: Date) =>
  db
    .selectFrom('api_tokens')
    .innerJoin('accounts', 'accounts.id', 'api_tokens.account_id')
    .where('accounts.disabled', '=', 0)
    .where('api_tokens.revoked_at', 'is', null)
    .where('api_tokens.expires_at', '>', now.toISOString());
