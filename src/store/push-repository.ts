import type { Actor } from '../shared/actor.ts';
import { type Account, accountOf } from './accounts-repository.ts';
import type { Queries, Tx } from './store.ts';

/** A browser that wants to be told, and the account it belongs to. */
export interface PushSubscription {
  readonly id: string;
  readonly account: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly createdAt: string;
}

export interface PushReader {
  readonly subscription: string;
  readonly account: Pick<Account, 'role' | 'areas' | 'unit'>;
}

/** Keeps it in place of the same browser's former one; of an account only the newest `most` are kept. */
export async function putSubscription(tx: Tx, subscription: PushSubscription, most: number): Promise<void> {
  const { account, createdAt, ...rest } = subscription;
  await tx.deleteFrom('push_subscriptions').where('endpoint', '=', rest.endpoint).execute();
  await tx
    .insertInto('push_subscriptions')
    .values({ ...rest, account, created_at: createdAt })
    .execute();
  const newest = tx.selectFrom('push_subscriptions').select('id').where('account', '=', account);
  await tx
    .deleteFrom('push_subscriptions')
    .where('account', '=', account)
    .where('id', 'not in', newest.orderBy('id', 'desc').limit(most))
    .execute();
}

/** False when the account has no such subscription. */
export async function removeSubscriptionOf(tx: Tx, { id }: Pick<Actor, 'id'>, endpoint: string): Promise<boolean> {
  const own = tx.deleteFrom('push_subscriptions').where('account', '=', id).where('endpoint', '=', endpoint);
  return (await own.executeTakeFirst()).numDeletedRows > 0n;
}

export async function removeSubscription(db: Queries, id: string): Promise<void> {
  await db.deleteFrom('push_subscriptions').where('id', '=', id).execute();
}

/** A disabled account is told nothing, and not again when it is enabled. */
export async function removeSubscriptionsOfDisabled(db: Queries): Promise<void> {
  const disabled = db.selectFrom('accounts').select('id').where('disabled', '=', 1);
  await db.deleteFrom('push_subscriptions').where('account', 'in', disabled).execute();
}

/** Every subscription with what its account may see at this moment. */
export async function pushReaders(db: Queries): Promise<PushReader[]> {
  const rows = db.selectFrom('push_subscriptions as s').innerJoin('accounts as a', 'a.id', 's.account');
  const found = await rows.selectAll('a').select('s.id as subscription').where('a.disabled', '=', 0).execute();
  return found.map(({ subscription, ...account }) => ({ subscription, account: accountOf(account) }));
}

export interface NewLetter {
  readonly subscription: string;
  readonly tag: string;
  readonly letter: string;
}

/** Writes letters that are not there yet; answers how many of the oldest gave way, beyond `most` of a subscription. */
export async function addLetters(
  tx: Tx,
  letters: readonly NewLetter[],
  { at, most }: { readonly at: Date; readonly most: number },
): Promise<number> {
  const now = at.toISOString();
  let dropped = 0;
  for (const letter of letters) {
    const row = { ...letter, made_at: now, due_at: now, attempts: 0 };
    await tx
      .insertInto('push_letters')
      .values(row)
      .onConflict((same) => same.columns(['subscription', 'tag']).doNothing())
      .execute();
    const waiting = tx.selectFrom('push_letters').select('id').where('subscription', '=', letter.subscription);
    const kept = waiting.where('due_at', 'is not', null).orderBy('id', 'desc').limit(most);
    const { numUpdatedRows } = await tx
      .updateTable('push_letters')
      .set({ due_at: null })
      .where('subscription', '=', letter.subscription)
      .where('due_at', 'is not', null)
      .where('id', 'not in', kept)
      .executeTakeFirst();
    dropped += Number(numUpdatedRows);
  }
  return dropped;
}

/** What has become of no use is not sent any more. */
export async function withdrawLetters(tx: Tx, tags: readonly string[]): Promise<void> {
  if (tags.length === 0) return;
  await tx
    .updateTable('push_letters')
    .set({ due_at: null })
    .where('tag', 'in', [...tags])
    .where('due_at', 'is not', null)
    .execute();
}

export interface DueLetter {
  readonly id: number;
  readonly letter: string;
  readonly madeAt: string;
  readonly attempts: number;
  readonly subscription: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

/** Oldest first, at most `limit`. */
export async function dueLetters(db: Queries, now: Date, limit: number): Promise<DueLetter[]> {
  const rows = await db
    .selectFrom('push_letters as l')
    .innerJoin('push_subscriptions as s', 's.id', 'l.subscription')
    .innerJoin('accounts as a', 'a.id', 's.account')
    .select(['l.id', 'l.letter', 'l.made_at as madeAt', 'l.attempts', 'l.subscription'])
    .select(['s.endpoint', 's.p256dh', 's.auth'])
    .where('l.due_at', '<=', now.toISOString())
    .where('a.disabled', '=', 0)
    .orderBy('l.id')
    .limit(limit)
    .execute();
  return rows;
}

/** Without a time it is done with: sent, or given up. What was withdrawn meanwhile stays so. */
export async function putLetter(
  db: Queries,
  id: number,
  { dueAt, attempts }: { readonly dueAt: Date | undefined; readonly attempts: number },
): Promise<void> {
  const due_at = dueAt?.toISOString() ?? null;
  const open = db.updateTable('push_letters').set({ due_at, attempts }).where('id', '=', id);
  await open.where('due_at', 'is not', null).execute();
}

/** What nobody can be told of again. */
export async function pruneLetters(db: Queries, before: Date): Promise<void> {
  await db.deleteFrom('push_letters').where('made_at', '<', before.toISOString()).execute();
}
