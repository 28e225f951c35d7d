import type { Role } from '../shared/actor.ts';
import { roles } from '../shared/actor.ts';
import type { AccountsTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

/** An account as the house knows it; its password hash stays in this file's callers. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  /** The patrol unit the account speaks for. */
  readonly unit?: string;
  readonly disabled: boolean;
  readonly createdAt: string;
  /** Known by the login of another house. */
  readonly oidc?: true;
}

export type StoredAccount = Account & { readonly passwordHash: string; readonly subject?: string };

type AccountColumns = Pick<
  AccountsTable,
  'id' | 'name' | 'role' | 'areas' | 'unit' | 'disabled' | 'created_at' | 'subject'
>;

/** A row with a role this version does not know may do least. */
function roleOf(text: string): Role {
  return roles.find((role) => role === text) ?? 'viewer';
}

export function accountOf(row: AccountColumns): Account {
  const areas = JSON.parse(row.areas) as readonly string[] | 'all';
  const { id, name, unit, created_at: createdAt } = row;
  const account = { id, name, role: roleOf(row.role), areas, disabled: row.disabled !== 0, createdAt };
  const oidc = row.subject === null ? {} : { oidc: true as const };
  return { ...account, ...oidc, ...(unit !== null && { unit }) };
}

export async function insertAccount(tx: Tx, account: StoredAccount): Promise<void> {
  const { id, name, role, areas, unit = null, disabled, createdAt, passwordHash, subject = null } = account;
  const columns = { id, name, role, unit, areas: JSON.stringify(areas), disabled: disabled ? 1 : 0 };
  await tx
    .insertInto('accounts')
    .values({ ...columns, password_hash: passwordHash, created_at: createdAt, subject })
    .execute();
}

export async function findAccount(db: Queries, id: string): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && accountOf(row);
}

/** Names are compared without regard to ASCII case. */
export async function findAccountByName(db: Queries, name: string): Promise<StoredAccount | undefined> {
  const row = await db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst();
  return row && { ...accountOf(row), passwordHash: row.password_hash };
}

/** By issuer and subject at an OpenID provider. */
export async function findAccountBySubject(db: Queries, subject: string): Promise<Account | undefined> {
  const row = await db.selectFrom('accounts').selectAll().where('subject', '=', subject).executeTakeFirst();
  return row && accountOf(row);
}

export interface AccountsPage {
  /** Only ids after this one. */
  readonly after?: string;
  readonly limit: number;
}

/** Oldest first: ids are UUIDv7. */
export async function accountsPage(db: Queries, { after, limit }: AccountsPage): Promise<Account[]> {
  let query = db.selectFrom('accounts').selectAll().orderBy('id').limit(limit);
  if (after !== undefined) query = query.where('id', '>', after);
  return (await query.execute()).map(accountOf);
}

export interface AccountChange {
  readonly role?: Role;
  readonly areas?: readonly string[] | 'all';
  readonly unit?: string | null;
  readonly disabled?: boolean;
  readonly passwordHash?: string;
}

export async function updateAccount(tx: Tx, id: string, change: AccountChange): Promise<void> {
  const { role, areas, unit, disabled, passwordHash } = change;
  const columns = {
    ...(role !== undefined && { role }),
    ...(areas !== undefined && { areas: JSON.stringify(areas) }),
    ...(unit !== undefined && { unit }),
    ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
  };
  await tx.updateTable('accounts').set(columns).where('id', '=', id).execute();
}

/** Admins that can still log in. */
export async function countAdmins(db: Queries): Promise<number> {
  const rows = await db
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .execute();
  return rows.length;
}
