import type { Queries, Tx } from './store.ts';

/** A persisted event; `seq` rises with every one, over all topics. */
export interface StoredEvent {
  readonly seq: number;
  readonly topic: string;
  /** RFC 3339. */
  readonly at: string;
  readonly subject: string;
  readonly data: unknown;
}

export interface NewEvent {
  readonly topic: string;
  readonly subject: string;
  readonly data: unknown;
}

/** Takes the next number first, so that an event can carry its own `seq` in its data. */
export async function nextSeq(tx: Tx): Promise<number> {
  return (await headSeq(tx)) + 1;
}

/** Writes the event in the transaction that changes its subject; answers its `seq`. */
export async function appendEvent(tx: Tx, { topic, subject, data }: NewEvent): Promise<number> {
  const row = { topic, subject, at: new Date().toISOString(), data: JSON.stringify(data) };
  const { seq } = await tx.insertInto('events').values(row).returning('seq').executeTakeFirstOrThrow();
  return seq;
}

export interface EventsAfter {
  readonly seq: number;
  readonly topics: readonly string[];
  readonly limit: number;
}

/** The events after `seq`, oldest first, at most `limit`. */
export async function eventsSince(db: Queries, { seq, topics, limit }: EventsAfter): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('seq', '>', seq)
    .where('topic', 'in', [...topics])
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }));
}

/** When something happened to one subject, oldest first: the newest `limit`, without what it was. */
export async function momentsOf(
  db: Queries,
  { topic, subject, limit }: { readonly topic: string; readonly subject: string; readonly limit: number },
): Promise<Pick<StoredEvent, 'seq' | 'at'>[]> {
  const rows = db.selectFrom('events').select(['seq', 'at']).where('subject', '=', subject).where('topic', '=', topic);
  return (await rows.orderBy('seq', 'desc').limit(limit).execute()).toReversed();
}

/** The newest `seq`, 0 when nothing has happened yet. Pruning must always leave the newest row. */
export async function headSeq(db: Queries): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}
