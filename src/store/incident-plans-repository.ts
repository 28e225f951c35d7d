import type { IncidentPlansTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

export type IncidentPlanRow = Readonly<IncidentPlansTable>;

export async function incidentPlan(db: Queries, incident: string): Promise<IncidentPlanRow | undefined> {
  return await db.selectFrom('incident_plans').selectAll().where('incident', '=', incident).executeTakeFirst();
}

/** In place of the plan it had before. */
export async function putIncidentPlan(tx: Tx, { incident, ...row }: IncidentPlanRow): Promise<void> {
  await tx
    .insertInto('incident_plans')
    .values({ incident, ...row })
    .onConflict((same) => same.column('incident').doUpdateSet(row))
    .execute();
}

/** False, and nothing written, when it is not at that version any more. */
export async function updateIncidentPlan(
  tx: Tx,
  { incident, ...row }: IncidentPlanRow,
  from: number,
): Promise<boolean> {
  const update = tx.updateTable('incident_plans').set(row).where('incident', '=', incident).where('version', '=', from);
  return (await update.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Of the newest incidents that are not closed, at most `limit`. */
export async function openIncidentPlans(db: Queries, limit: number): Promise<IncidentPlanRow[]> {
  const rows = db.selectFrom('incident_plans as p').innerJoin('incidents as i', 'i.id', 'p.incident').selectAll('p');
  return await rows.where('i.state', '<>', 'closed').orderBy('p.incident', 'desc').limit(limit).execute();
}
