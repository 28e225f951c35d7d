import type { Generated } from 'kysely';
import type { Queries, Tx } from './store.ts';

/** What a command under an idempotency key was answered with. */
export interface CommandAnswersTable {
  id: Generated<number>;
  /** Who commanded, and the key. */
  key: string;
  /** Hash of what was asked: the same key for something else is a mistake. */
  meaning: string;
  at: string;
  /** JSON. */
  answer: string;
}

declare module './schema.ts' {
  interface Database {
    command_answers: CommandAnswersTable;
  }
}

export async function commandAnswer(
  db: Queries,
  key: string,
): Promise<Pick<CommandAnswersTable, 'meaning' | 'at' | 'answer'> | undefined> {
  const rows = db.selectFrom('command_answers').select(['meaning', 'at', 'answer']).where('key', '=', key);
  return await rows.executeTakeFirst();
}

export async function insertCommandAnswer(tx: Tx, answer: Omit<CommandAnswersTable, 'id'>): Promise<void> {
  await tx.deleteFrom('command_answers').where('key', '=', answer.key).execute();
  await tx.insertInto('command_answers').values(answer).execute();
}

/** Forgets what is older than `before`, and what is more than `most`: the oldest first, a few each time. */
export async function pruneCommandAnswers(tx: Tx, { before, most }: { before: Date; most: number }): Promise<void> {
  const bite = 20;
  const old = tx.selectFrom('command_answers').select('id').where('at', '<', before.toISOString()).limit(bite);
  await tx.deleteFrom('command_answers').where('id', 'in', old).execute();
  const newest = await tx.selectFrom('command_answers').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  const least = (newest?.id ?? 0) - most;
  const surplus = tx.selectFrom('command_answers').select('id').where('id', '<=', least).orderBy('id').limit(bite);
  await tx.deleteFrom('command_answers').where('id', 'in', surplus).execute();
}
