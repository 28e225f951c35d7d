import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { PointsTable } from './points-table.ts';
import { eachMessage, eachPoint, type SpoolBatch } from './spool-batch.ts';
import type { PruneResult, PruneSlice } from './telemetry-calls.ts';
import type { TelemetryPoint } from './telemetry-store.ts';
import { telemetryTables } from './telemetry-tables.ts';

export interface SpoolRow {
  readonly seq: number;
  readonly device: string;
  readonly body: string;
}

export interface DeadLetter {
  readonly source: 'spool' | 'outbox';
  readonly device: string;
  readonly reason: string;
  readonly body: string;
}

/** A buried message that may yet be delivered. */
export interface DeadMessage {
  readonly id: number;
  readonly body: string;
}

export interface OutboxRow extends TelemetryPoint {
  readonly seq: number;
  readonly ordinal: number;
}

export interface TelemetryDatabaseOptions {
  readonly path: string;
  /** Keep an outbox for a remote store. */
  readonly outbox: boolean;
}

const mostDeadLetters = 10_000;

/** The telemetry file: synchronous, and therefore run in a thread of its own. */
export class TelemetryDatabase {
  readonly points: PointsTable;
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;

  constructor({ path, outbox }: TelemetryDatabaseOptions) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
    this.#database.exec('PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY');
    this.#database.exec(telemetryTables);
    this.points = new PointsTable(this.#database, outbox);
    this.#statements = prepare(this.#database, statements);
  }

  /** One transaction, one fsync. Answers the number of the last spooled message. */
  append(batch: SpoolBatch): number {
    return this.transaction(() => {
      eachMessage(batch, (device, body) => this.#statements.spool.run(device, body));
      eachPoint(batch, (point) => this.points.insert(point));
      return this.head();
    });
  }

  head(): number {
    const row = this.#statements.head.get();
    return Number(row?.seq ?? 0);
  }

  cursor(): number {
    return Number(this.#statements.cursor.get()?.seq ?? 0);
  }

  depth(): { spool: number; outbox: number; deadLetters: number } {
    const row = this.#statements.depth.get() ?? {};
    return { spool: Number(row.spool), outbox: Number(row.outbox), deadLetters: Number(row.dead) };
  }

  readSpool(after: number, limit: number): SpoolRow[] {
    return this.#statements.read
      .all(after, limit)
      .map(({ seq, device, body }) => ({ seq: Number(seq), device: String(device), body: String(body) }));
  }

  /** Everything up to `seq` is delivered: it is forgotten in the same transaction. */
  advance(seq: number): void {
    this.transaction(() => {
      this.#statements.moveCursor.run(seq);
      this.#statements.prune.run(seq);
    });
  }

  bury(letters: readonly DeadLetter[]): void {
    this.transaction(() => {
      for (const { source, device, reason, body } of letters)
        this.#statements.bury.run(Date.now(), source, device, reason, body);
      this.#statements.pruneDead.run(mostDeadLetters);
    });
  }

  /** The calls for help among the dead letters. */
  deadSos(limit: number): DeadMessage[] {
    return this.#statements.deadSos.all(limit).map(({ id, body }) => ({ id: Number(id), body: String(body) }));
  }

  unbury(id: number): void {
    this.#statements.unbury.run(id);
  }

  readOutbox(limit: number): OutboxRow[] {
    return this.#statements.readOutbox.all(limit).map((row) => ({
      seq: Number(row.seq),
      device: String(row.device),
      measurement: String(row.measurement),
      at: Number(row.at),
      receivedAt: Number(row.received),
      ordinal: Number(row.ordinal),
      value: Number(row.value),
    }));
  }

  settleOutbox(seq: number): void {
    this.#statements.settleOutbox.run(seq);
  }

  /** Forgets a slice of the first series at or after `series`; with nothing left in it, goes on to the next. */
  prune({ series, before, most }: PruneSlice): PruneResult {
    const found = this.#statements.nextSeries.get(series);
    if (!found) return { deleted: 0 };
    const id = Number(found.id);
    const deleted = this.points.prune(id, before, most);
    return { deleted, next: deleted < most ? id + 1 : id };
  }

  close(): void {
    this.#database.close();
  }

  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.points.forgetSeries();
      throw error;
    }
  }
}

const statements = {
  spool: 'INSERT INTO spool (device, body) VALUES (?, ?)',
  head: "SELECT seq FROM sqlite_sequence WHERE name = 'spool'",
  cursor: "SELECT seq FROM progress WHERE name = 'spool'",
  read: 'SELECT seq, device, body FROM spool WHERE seq > ? ORDER BY seq LIMIT ?',
  moveCursor: "INSERT INTO progress VALUES ('spool', ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
  prune: 'DELETE FROM spool WHERE seq <= ?',
  bury: 'INSERT INTO dead_letters (at, source, device, reason, body) VALUES (?, ?, ?, ?, ?)',
  pruneDead: 'DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ?',
  deadSos: `SELECT id, body FROM dead_letters WHERE source = 'spool' AND json_extract(body, '$.type') = 'sos'
            ORDER BY id LIMIT ?`,
  unbury: 'DELETE FROM dead_letters WHERE id = ?',
  readOutbox: 'SELECT seq, device, measurement, at, received, ordinal, value FROM outbox ORDER BY seq LIMIT ?',
  settleOutbox: 'DELETE FROM outbox WHERE seq <= ?',
  nextSeries: 'SELECT id FROM series WHERE id >= ? ORDER BY id LIMIT 1',
  depth: `SELECT (SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM spool) AS spool,
                 (SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM outbox) AS outbox,
                 (SELECT count(*) FROM dead_letters) AS dead`,
};

function prepare<K extends string>(database: DatabaseSync, sql: Record<K, string>): Record<K, StatementSync> {
  const entries = Object.entries<string>(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries);
}
