import { type SqlBool, sql } from 'kysely';
import type { StoredEvent } from './events-repository.ts';
import type { ChannelCursorsTable } from './schema.ts';
import type { Queries } from './store.ts';

export type ChannelCursor = Readonly<ChannelCursorsTable>;

/** Which events a channel is told of. */
export interface ChannelFilter {
  /** Of these topics only what is as urgent, and in one of the areas or in none. */
  readonly topics: readonly string[];
  readonly severities: readonly string[];
  readonly areas: readonly string[] | 'all';
  /** The topic of what is meant for this channel, whatever it is. */
  readonly own: string;
}

/** The part of the log that a channel has not told yet. */
export interface Untold {
  readonly filter: ChannelFilter;
  readonly after: number;
}

export async function channelCursor(db: Queries, channel: string): Promise<ChannelCursor | undefined> {
  return await db.selectFrom('channel_cursors').selectAll().where('channel', '=', channel).executeTakeFirst();
}

export async function putChannelCursor(db: Queries, { channel, seq, dropped }: ChannelCursor): Promise<void> {
  await db
    .insertInto('channel_cursors')
    .values({ channel, seq, dropped })
    .onConflict((same) => same.column('channel').doUpdateSet({ seq, dropped }))
    .execute();
}

/** A channel that is configured again later begins anew. */
export async function forgetOtherChannels(db: Queries, known: readonly string[]): Promise<void> {
  await db
    .deleteFrom('channel_cursors')
    .where('channel', 'not in', [...known, ''])
    .execute();
}

/** Of each alert and incident the newest event alone, oldest first, at most `limit`. */
export async function newestUntold(db: Queries, untold: Untold, limit: number): Promise<StoredEvent[]> {
  const newest = db.selectFrom(subjectsOf(db, untold).as('s')).select('s.seq').orderBy('s.seq').limit(limit);
  const rows = await db.selectFrom('events').selectAll().where('seq', 'in', newest).orderBy('seq').execute();
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }));
}

/** How many alerts and incidents wait to be told of. */
export async function countUntold(db: Queries, untold: Untold): Promise<number> {
  const rows = db.selectFrom(subjectsOf(db, untold).as('s')).select(({ fn }) => fn.countAll<number>().as('count'));
  return (await rows.executeTakeFirst())?.count ?? 0;
}

/** The newest event of the `n`th of them, oldest first; where a channel goes on that gives up so many. */
export async function untoldAt(db: Queries, untold: Untold, n: number): Promise<number | undefined> {
  const rows = db.selectFrom(subjectsOf(db, untold).as('s')).select('s.seq').orderBy('s.seq');
  return (
    await rows
      .offset(n - 1)
      .limit(1)
      .executeTakeFirst()
  )?.seq;
}

function subjectsOf(db: Queries, { filter, after }: Untold) {
  return db
    .selectFrom('events')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('seq', '>', after)
    .where(told(filter))
    .groupBy(['topic', 'subject']);
}

function told({ topics, severities, areas, own }: ChannelFilter) {
  const urgent = sql<SqlBool>`json_extract(data, '$.severity') IN (${sql.join([...severities, ''])})`;
  const area = sql`json_extract(data, '$.area')`;
  const ours =
    areas === 'all' ? sql<SqlBool>`1` : sql<SqlBool>`(${area} IS NULL OR ${area} IN (${sql.join([...areas, ''])}))`;
  return sql<SqlBool>`(topic = ${own} OR (topic IN (${sql.join([...topics, ''])}) AND ${urgent} AND ${ours}))`;
}
