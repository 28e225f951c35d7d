import { randomUUIDv7 } from 'node:crypto';
import { firstIdAt } from './first-id-at.ts';
import type { Queries, Tx } from './store.ts';

export interface UnitFencesTable {
  unit: string;
  fence: string;
  since: string;
}

export interface FenceCrossingsTable {
  id: string;
  unit: string;
  fence: string;
  /** `enter` or `leave`. */
  kind: string;
  at: string;
  lat: number;
  lon: number;
}

declare module './schema.ts' {
  interface Database {
    unit_fences: UnitFencesTable;
    fence_crossings: FenceCrossingsTable;
  }
}

export interface NewFenceCrossing {
  readonly unit: string;
  readonly fence: string;
  readonly kind: 'enter' | 'leave';
  readonly at: Date;
  readonly point: { readonly lat: number; readonly lon: number };
}

/** A unit that came into a fence or went out of it. */
export interface FenceCrossing extends NewFenceCrossing {
  readonly id: string;
}

/** Writes the crossing; false, and nothing written, when the unit is on that side already. */
export async function crossFence(tx: Tx, crossing: NewFenceCrossing): Promise<boolean> {
  const { unit, fence, kind, at, point } = crossing;
  if (!(await takeSide(tx, crossing))) return false;
  const row = { id: randomUUIDv7(), unit, fence, kind, at: at.toISOString(), ...point };
  await tx.insertInto('fence_crossings').values(row).execute();
  return true;
}

/** Where every unit was at the end. */
export async function fencesOfUnits(db: Queries): Promise<{ unit: string; fence: string }[]> {
  return await db.selectFrom('unit_fences').select(['unit', 'fence']).execute();
}

export interface CrossingsPage {
  readonly unit: string;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only those before the one with this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first; `from` included, `to` not. */
export async function fenceCrossings(db: Queries, page: CrossingsPage): Promise<FenceCrossing[]> {
  const { unit, from, to, before, limit } = page;
  let rows = db.selectFrom('fence_crossings').selectAll().where('unit', '=', unit).orderBy('id', 'desc').limit(limit);
  if (from) rows = rows.where('at', '>=', from.toISOString());
  if (to) rows = rows.where('at', '<', to.toISOString());
  if (before !== undefined) rows = rows.where('id', '<', before);
  return (await rows.execute()).map(crossingOf);
}

/** Forgets at most so many of the crossings that were written before, the oldest first; answers how many. Who is inside stays. */
export async function pruneCrossings(db: Queries, before: Date, most: number): Promise<number> {
  const old = db
    .selectFrom('fence_crossings')
    .select('id')
    .where('id', '<', firstIdAt(before))
    .orderBy('id')
    .limit(most);
  const { numDeletedRows } = await db.deleteFrom('fence_crossings').where('id', 'in', old).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function takeSide(tx: Tx, { unit, fence, kind, at }: NewFenceCrossing): Promise<boolean> {
  if (kind === 'leave') {
    const gone = tx.deleteFrom('unit_fences').where('unit', '=', unit).where('fence', '=', fence);
    return (await gone.executeTakeFirstOrThrow()).numDeletedRows > 0n;
  }
  const come = tx.insertInto('unit_fences').values({ unit, fence, since: at.toISOString() });
  const { numInsertedOrUpdatedRows = 0n } = await come
    .onConflict((taken) => taken.columns(['unit', 'fence']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows > 0n;
}

function crossingOf({ id, unit, fence, kind, at, lat, lon }: FenceCrossingsTable): FenceCrossing {
  return { id, unit, fence, kind: kind === 'leave' ? 'leave' : 'enter', at: new Date(at), point: { lat, lon } };
}
