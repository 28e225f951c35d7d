import { sql } from 'kysely';
import type { Queries } from './store.ts';

/** What an account did in a time, as the ledger has it. */
export interface OversightDeeds {
  readonly actor: string;
  readonly role: string;
  readonly exports: number;
  readonly denials: number;
  readonly breakGlass: number;
  readonly roleChanges: number;
}

/** A camera that an account watched and that no incident is named for. */
export interface IdleWatch {
  readonly actor: string;
  readonly camera: string;
  readonly times: number;
  readonly seconds: number;
}

export interface OversightSpan {
  readonly from: Date;
  readonly to: Date;
}

/** Of what was broken off somebody may hold a part, and of what a crash ended as well. */
const mayBeHeld = sql<boolean>`(result = 'failed' AND json_extract(details, '$.begunAt') IS NOT NULL
  AND json_extract(details, '$.reason') <> 'not sealed')`;
const exported = sql<boolean>`(action IN ('evidence.export', 'recording.export')
  AND (result IN ('ok', 'unknown') OR coalesce(${mayBeHeld}, 0)))`;
const changesRole = sql<boolean>`action IN ('account.add', 'account.change') AND json_extract(details, '$.role') IS NOT NULL`;
/** A row of repeated denials says how many it stands for. */
const denied = sql<number>`CASE WHEN result = 'denied' THEN coalesce(json_extract(details, '$.count'), 1) ELSE 0 END`;

/** Of each account that did anything of that, by name. */
export async function oversightDeeds(
  db: Queries,
  { from, to }: OversightSpan,
  limit: number,
): Promise<OversightDeeds[]> {
  const rows = db
    .selectFrom('ledger')
    .select([
      'actor',
      'role',
      sql<number>`sum(${exported})`.as('exports'),
      sql<number>`sum(${denied})`.as('denials'),
      sql<number>`sum(action LIKE 'break-glass%' OR action LIKE '%.break-glass')`.as('breakGlass'),
      sql<number>`sum(coalesce(${changesRole}, 0))`.as('roleChanges'),
    ])
    .where('at', '>=', from.toISOString())
    .where('at', '<', to.toISOString())
    .groupBy(['actor', 'role'])
    .having(sql<number>`exports + denials + breakGlass + roleChanges`, '>', 0);
  return await rows.orderBy('actor').orderBy('role').limit(limit).execute();
}

/** The longest watched first. */
export async function idleWatches(db: Queries, { from, to }: OversightSpan, limit: number): Promise<IdleWatch[]> {
  const seconds = sql<number>`sum(coalesce(json_extract(details, '$.seconds'), 0))`;
  const rows = db
    .selectFrom('ledger')
    .select(({ fn }) => [
      'actor',
      sql<string>`replace(object, 'camera/', '')`.as('camera'),
      fn.countAll<number>().as('times'),
      seconds.as('seconds'),
    ])
    .where('at', '>=', from.toISOString())
    .where('at', '<', to.toISOString())
    .where('action', '=', 'watch.stop')
    .where(sql`json_extract(details, '$.incident')`, 'is', null)
    .groupBy(['actor', 'object']);
  return await rows.orderBy('seconds', 'desc').orderBy('actor').limit(limit).execute();
}
