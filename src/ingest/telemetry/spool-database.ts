import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { joinPoints, type PointBatch } from './point-batch.ts';
import { eachMessage, type SpoolBatch } from './spool-batch.ts';
import type { SpoolCalls } from './spool-calls.ts';
import { inTransaction, openSqlite, prepareAll } from './sqlite-file.ts';

export interface SpoolRow {
  readonly seq: number;
  readonly device: string;
  readonly body: string;
}

/** `spool` is a message nobody could take, `points` and `outbox` a point that a store refuses for good. */
export interface DeadLetter {
  readonly source: 'spool' | 'points' | 'outbox';
  readonly device: string;
  readonly reason: string;
  readonly body: string;
}

/** A buried message that may yet be delivered. */
export interface DeadMessage {
  readonly id: number;
  readonly body: string;
}

/** Points that are acknowledged and not in the store yet, up to `last`; `full` when there are more. */
export interface PendingPoints {
  readonly batch: PointBatch;
  readonly last: number;
  readonly full: boolean;
}

const mostDeadLetters = 10_000;

/**
 * `spool` holds the messages that were acknowledged and not delivered, `spool_points` their points, one row a commit, that
 * are not in the store yet; `progress` where either stands. All is written at the end: a commit touches few pages however
 * many devices speak, while a store of series touches one page a series.
 */
const tables = `
CREATE TABLE IF NOT EXISTS spool (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  device TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS spool_points (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  series TEXT NOT NULL,
  numbers BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS progress (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dead_letters (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  device TEXT NOT NULL,
  reason TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;

/** However many others follow it, it stays until it is heard. */
const isSos = "(source = 'spool' AND json_extract(body, '$.type') = 'sos')";

const statements = {
  spool: 'INSERT INTO spool (device, body) VALUES (?, ?)',
  points: 'INSERT INTO spool_points (series, numbers) VALUES (?, ?)',
  head: 'SELECT seq FROM sqlite_sequence WHERE name = ?',
  cursor: 'SELECT seq FROM progress WHERE name = ?',
  move: 'INSERT INTO progress VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq',
  read: 'SELECT seq, device, body FROM spool WHERE seq > ? ORDER BY seq LIMIT ?',
  readPoints: 'SELECT seq, series, numbers FROM spool_points WHERE seq > ? ORDER BY seq',
  prune: 'DELETE FROM spool WHERE seq <= ?',
  prunePoints: 'DELETE FROM spool_points WHERE seq <= ?',
  bury: 'INSERT INTO dead_letters (at, source, device, reason, body) VALUES (?, ?, ?, ?, ?)',
  pruneDead: `DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ? AND NOT ${isSos}`,
  deadSos: `SELECT id, body FROM dead_letters WHERE ${isSos} ORDER BY id LIMIT ?`,
  unbury: 'DELETE FROM dead_letters WHERE id = ?',
  depth: `SELECT (SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM spool) AS spool,
                 (SELECT count(*) FROM dead_letters) AS dead`,
};

/** The spool's file: synchronous, and therefore run in a thread of its own. */
export class SpoolDatabase implements SpoolCalls {
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;

  constructor(path: string) {
    this.#database = openSqlite(path, tables, { cacheKiB: 4_096 });
    this.#statements = prepareAll(this.#database, statements);
  }

  append(batch: SpoolBatch): number {
    return inTransaction(this.#database, () => {
      eachMessage(batch, (device, body) => this.#statements.spool.run(device, body));
      const { series, numbers } = batch.points;
      const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      if (numbers.length > 0) this.#statements.points.run(series, bytes);
      return this.#head('spool');
    });
  }

  positions() {
    const of = (name: string) => Number(this.#statements.cursor.get(name)?.seq ?? 0);
    return { head: this.#head('spool'), cursor: of('spool'), pointsCursor: of('points') };
  }

  depth() {
    const { spool, dead } = this.#statements.depth.get() ?? {};
    return { spool: Number(spool), deadLetters: Number(dead) };
  }

  readSpool({ after, limit }: { readonly after: number; readonly limit: number }): SpoolRow[] {
    return this.#statements.read
      .all(after, limit)
      .map(({ seq, device, body }) => ({ seq: Number(seq), device: String(device), body: String(body) }));
  }

  advance(seq: number): void {
    inTransaction(this.#database, () => {
      this.#statements.move.run('spool', seq);
      this.#statements.prune.run(seq);
    });
  }

  readPoints({ after, most }: { readonly after: number; readonly most: number }): PendingPoints {
    const batches: PointBatch[] = [];
    let [last, points] = [after, 0];
    for (const { seq, series, numbers } of this.#statements.readPoints.iterate(after)) {
      if (points >= most) return { batch: joinPoints(batches), last, full: true };
      // A copy, because a blob may begin anywhere in memory, and a number of eight bytes may not.
      const bytes = numbers instanceof Uint8Array ? Uint8Array.from(numbers) : new Uint8Array();
      batches.push({ series: String(series), numbers: new Float64Array(bytes.buffer) });
      points += bytes.length / 16;
      last = Number(seq);
    }
    return { batch: joinPoints(batches), last, full: false };
  }

  settlePoints(seq: number): void {
    inTransaction(this.#database, () => {
      this.#statements.move.run('points', seq);
      this.#statements.prunePoints.run(seq);
    });
  }

  bury(letters: readonly DeadLetter[]): void {
    inTransaction(this.#database, () => {
      for (const { source, device, reason, body } of letters)
        this.#statements.bury.run(Date.now(), source, device, reason, body);
      this.#statements.pruneDead.run(mostDeadLetters);
    });
  }

  deadSos(limit: number): DeadMessage[] {
    return this.#statements.deadSos.all(limit).map(({ id, body }) => ({ id: Number(id), body: String(body) }));
  }

  unbury(id: number): void {
    this.#statements.unbury.run(id);
  }

  close(): void {
    this.#database.close();
  }

  #head(name: string): number {
    return Number(this.#statements.head.get(name)?.seq ?? 0);
  }
}
