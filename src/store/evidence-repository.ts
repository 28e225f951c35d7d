import type { Queries, Tx } from './store.ts';

export interface EvidenceRequestsTable {
  id: string;
  version: number;
  state: string;
  area: string | null;
  alert: string | null;
  incident: string | null;
  /** When it expires as it stands. */
  due_at: string;
  /** JSON: the whole request as the API shows it. */
  data: string;
}

declare module './schema.ts' {
  interface Database {
    evidence_requests: EvidenceRequestsTable;
  }
}

/** The fields of a request the database searches by; the rest travels with them. */
export interface EvidenceRequestFields {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly area?: string;
  readonly alert?: string;
  readonly incident?: string;
  readonly expiresAt: string;
}

export async function insertEvidenceRequest(tx: Tx, request: EvidenceRequestFields): Promise<void> {
  await tx.insertInto('evidence_requests').values(columnsOf(request)).execute();
}

/** Writes the request over its version `from`; false, and nothing written, when it is not at that version any more. */
export async function updateEvidenceRequest(tx: Tx, request: EvidenceRequestFields, from: number): Promise<boolean> {
  const { id, ...columns } = columnsOf(request);
  const update = tx.updateTable('evidence_requests').set(columns).where('id', '=', id).where('version', '=', from);
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function evidenceRequestById(db: Queries, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('evidence_requests').select('data').where('id', '=', id).executeTakeFirst();
  return row?.data;
}

/** A field left out does not limit. */
export interface EvidenceFilter {
  readonly state?: string | undefined;
  readonly alert?: string | undefined;
  readonly incident?: string | undefined;
  /** Those of the reader: requests without an area are found too. */
  readonly areas: readonly string[] | 'all';
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first, each as its JSON. */
export async function listEvidenceRequests(db: Queries, filter: EvidenceFilter): Promise<string[]> {
  const { state, alert, incident, areas, before, limit } = filter;
  let query = db.selectFrom('evidence_requests').select('data').orderBy('id', 'desc').limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  if (alert !== undefined) query = query.where('alert', '=', alert);
  if (incident !== undefined) query = query.where('incident', '=', incident);
  if (areas !== 'all') query = query.where((is) => is.or([is('area', 'is', null), is('area', 'in', [...areas])]));
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(({ data }) => data);
}

/** Ids of those whose time is over, the longest over first. */
export async function overdueEvidenceRequests(db: Queries, now: Date, limit: number): Promise<string[]> {
  const rows = db.selectFrom('evidence_requests').select('id').where('state', 'in', ['requested', 'approved']);
  const due = rows.where('due_at', '<=', now.toISOString()).orderBy('due_at').limit(limit);
  return (await due.execute()).map(({ id }) => id);
}

function columnsOf(request: EvidenceRequestFields): EvidenceRequestsTable {
  const { id, version, state, area = null, alert = null, incident = null, expiresAt } = request;
  return { id, version, state, area, alert, incident, due_at: expiresAt, data: JSON.stringify(request) };
}
