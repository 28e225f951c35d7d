import { randomUUIDv7 } from 'node:crypto';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Database, RecordingsTable } from './schema.ts';
import type { Queries, Tx } from './store.ts';

/** Where pictures are missing, and why. */
export interface RecordingHole {
  readonly from: Date;
  readonly to: Date;
  readonly reason: string;
}

/** One recorded file of one camera. */
export interface Recording {
  readonly id: string;
  readonly camera: string;
  readonly file: string;
  /** A part of the ring before an alert: deleted soon unless something holds it. */
  readonly ring: boolean;
  readonly open: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly bytes: number;
  readonly codec: string;
  /** Why nothing was recorded right before it; undefined when it follows another one directly. */
  readonly gapBefore?: string;
  readonly holes: readonly RecordingHole[];
  /** What the camera's clock is ahead of ours, milliseconds; undefined when it does not say. */
  readonly cameraClockOffsetMs?: number;
}

/** What changes of a recording while it is written. */
export type RecordingProgress = Pick<Recording, 'id' | 'open' | 'endedAt' | 'bytes' | 'holes'>;

/** A span of a camera's time; it overlaps another when they share more than their ends. */
export interface CameraSpan {
  readonly camera: string;
  readonly from: Date;
  readonly to: Date;
}

/** Nothing is longer, so that a search by start finds all that reaches into a span. */
export const longestRecordingMs = 15 * 60_000;

export async function insertRecording(db: Queries, recording: Recording): Promise<void> {
  await db.insertInto('recordings').values(columnsOf(recording)).execute();
}

export async function updateRecordings(tx: Tx, changes: readonly RecordingProgress[]): Promise<void> {
  for (const { id, open, endedAt, bytes, holes } of changes) {
    const columns = { open: Number(open), ended_at: endedAt.toISOString(), bytes, holes: JSON.stringify(holes) };
    await tx.updateTable('recordings').set(columns).where('id', '=', id).execute();
  }
}

/** Those the process that wrote them did not finish. */
export async function unfinishedRecordings(db: Queries): Promise<Recording[]> {
  const rows = await db.selectFrom('recordings').selectAll().where('open', '=', 1).execute();
  return rows.map(recordingOf);
}

/** What overlaps the span, oldest first. */
export async function recordingsBetween(db: Queries, span: CameraSpan, limit: number): Promise<Recording[]> {
  const earliest = new Date(span.from.getTime() - longestRecordingMs);
  const rows = await db
    .selectFrom('recordings')
    .selectAll()
    .where('camera', '=', span.camera)
    .where('started_at', '>', earliest.toISOString())
    .where('started_at', '<', span.to.toISOString())
    .where('ended_at', '>', span.from.toISOString())
    .orderBy('started_at')
    .limit(limit)
    .execute();
  return rows.map(recordingOf);
}

/** The first that starts at `at` or later. */
export async function recordingAfter(db: Queries, camera: string, at: Date): Promise<Recording | undefined> {
  const rows = db.selectFrom('recordings').selectAll().where('camera', '=', camera);
  const row = await rows.where('started_at', '>=', at.toISOString()).orderBy('started_at').limit(1).executeTakeFirst();
  return row && recordingOf(row);
}

/** The last that starts before `at`. */
export async function recordingBefore(db: Queries, camera: string, at: Date): Promise<Recording | undefined> {
  const rows = db.selectFrom('recordings').selectAll().where('camera', '=', camera);
  const row = await rows
    .where('started_at', '<', at.toISOString())
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && recordingOf(row);
}

/** The ring's parts of a camera, oldest first. */
export async function ringRecordings(db: Queries, camera: string): Promise<Recording[]> {
  const rows = db.selectFrom('recordings').selectAll().where('camera', '=', camera).where('ring', '=', 1);
  return (await rows.orderBy('started_at').execute()).map(recordingOf);
}

/** The files the database knows of a camera. */
export async function recordingFiles(db: Queries, camera: string): Promise<Set<string>> {
  const rows = await db.selectFrom('recordings').select('file').where('camera', '=', camera).execute();
  return new Set(rows.map(({ file }) => file));
}

/** From the ring to what is kept as long as any other recording. */
export async function takeFromRing(db: Queries, id: string): Promise<void> {
  await db.updateTable('recordings').set({ ring: 0 }).where('id', '=', id).execute();
}

export async function deleteRecording(db: Queries, id: string): Promise<void> {
  await db.deleteFrom('recordings').where('id', '=', id).execute();
}

export interface RecordingTotals {
  readonly files: number;
  readonly bytes: number;
}

export async function recordingTotals(db: Queries): Promise<RecordingTotals> {
  const counted = db
    .selectFrom('recordings')
    .select(({ fn }) => [
      fn.countAll<number>().as('files'),
      fn.coalesce(fn.sum<number>('bytes'), sql<number>`0`).as('bytes'),
    ]);
  return await counted.executeTakeFirstOrThrow();
}

/** Recordings that end before a time: of these cameras, or of all but these. */
export interface Expiry {
  readonly before: Date;
  readonly cameras: readonly string[];
  readonly except: boolean;
}

/** Those that retention may delete: finished, not of the ring, not locked. Oldest first. */
export async function expiredRecordings(db: Queries, expiry: Expiry, limit: number): Promise<Recording[]> {
  const { before, cameras, except } = expiry;
  const rows = await db
    .selectFrom('recordings')
    .selectAll()
    .where('open', '=', 0)
    .where('ring', '=', 0)
    .where('ended_at', '<', before.toISOString())
    .where('camera', except ? 'not in' : 'in', cameras.length > 0 ? [...cameras] : [''])
    .where(isUnlocked)
    .orderBy('ended_at')
    .limit(limit)
    .execute();
  return rows.map(recordingOf);
}

export interface RecordingHold extends CameraSpan {
  readonly kind: 'keep' | 'lock';
  readonly reason: string;
}

/** Resolves with its id. */
export async function insertHold(db: Queries, hold: RecordingHold): Promise<string> {
  const { camera, kind, from, to, reason } = hold;
  const id = randomUUIDv7();
  const times = { from_at: from.toISOString(), to_at: to.toISOString(), at: new Date().toISOString() };
  await db
    .insertInto('recording_holds')
    .values({ id, camera, kind, reason, ...times })
    .execute();
  return id;
}

/** False when there is none. */
export async function deleteHold(db: Queries, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('recording_holds').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function holdsBetween(db: Queries, { camera, from, to }: CameraSpan): Promise<RecordingHold[]> {
  const rows = await db
    .selectFrom('recording_holds')
    .selectAll()
    .where('camera', '=', camera)
    .where('to_at', '>', from.toISOString())
    .where('from_at', '<', to.toISOString())
    .execute();
  return rows.map(({ kind, from_at, to_at, reason }) => ({
    camera,
    kind: kind === 'lock' ? 'lock' : 'keep',
    from: new Date(from_at),
    to: new Date(to_at),
    reason,
  }));
}

function isUnlocked({ not, exists, selectFrom }: ExpressionBuilder<Database, 'recordings'>) {
  const locks = selectFrom('recording_holds')
    .select('recording_holds.id')
    .whereRef('recording_holds.camera', '=', 'recordings.camera')
    .where('recording_holds.kind', '=', 'lock')
    .whereRef('recording_holds.to_at', '>', 'recordings.started_at')
    .whereRef('recording_holds.from_at', '<', 'recordings.ended_at');
  return not(exists(locks));
}

function columnsOf(recording: Recording): RecordingsTable {
  return {
    id: recording.id,
    camera: recording.camera,
    file: recording.file,
    ring: Number(recording.ring),
    open: Number(recording.open),
    started_at: recording.startedAt.toISOString(),
    ended_at: recording.endedAt.toISOString(),
    bytes: recording.bytes,
    codec: recording.codec,
    gap_before: recording.gapBefore ?? null,
    holes: JSON.stringify(recording.holes),
    camera_clock_offset_ms: recording.cameraClockOffsetMs ?? null,
  };
}

function recordingOf(row: RecordingsTable): Recording {
  const holes: { from: string; to: string; reason: string }[] = JSON.parse(row.holes);
  return {
    id: row.id,
    camera: row.camera,
    file: row.file,
    ring: row.ring === 1,
    open: row.open === 1,
    startedAt: new Date(row.started_at),
    endedAt: new Date(row.ended_at),
    bytes: row.bytes,
    codec: row.codec,
    ...(row.gap_before !== null && { gapBefore: row.gap_before }),
    holes: holes.map(({ from, to, reason }) => ({ from: new Date(from), to: new Date(to), reason })),
    ...(row.camera_clock_offset_ms !== null && { cameraClockOffsetMs: row.camera_clock_offset_ms }),
  };
}
