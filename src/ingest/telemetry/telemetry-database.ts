import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PointBatch } from './point-batch.ts';
import { PointsTable, type PruneSlice } from './points-table.ts';
import { countRows, PointsWriter } from './points-writer.ts';
import { inTransaction, openSqlite, prepareAll } from './sqlite-file.ts';
import type { PruneResult } from './telemetry-calls.ts';
import type { TelemetryPoint } from './telemetry-store.ts';
import { telemetryTables } from './telemetry-tables.ts';

export interface OutboxRow extends TelemetryPoint {
  readonly seq: number;
  readonly ordinal: number;
}

export interface TelemetryDatabaseOptions {
  readonly path: string;
  /** Keep an outbox for a remote store. */
  readonly outbox: boolean;
}

const pointsAtOnce = 2_000;

const statements = {
  readOutbox: 'SELECT seq, device, measurement, at, received, ordinal, value FROM outbox ORDER BY seq LIMIT ?',
  settleOutbox: 'DELETE FROM outbox WHERE seq <= ?',
  nextSeries: 'SELECT id FROM series WHERE id >= ? ORDER BY id LIMIT 1',
  outboxDepth: 'SELECT coalesce(max(seq) - min(seq) + 1, 0) AS depth FROM outbox',
};

/** The file of series: synchronous, and therefore run in a thread of its own. */
export class TelemetryDatabase {
  readonly points: PointsTable;
  readonly #writer: PointsWriter;
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;

  constructor({ path, outbox }: TelemetryDatabaseOptions) {
    this.#database = openSqlite(path, telemetryTables, { cacheKiB: 32_768 });
    this.points = new PointsTable(this.#database);
    this.#writer = new PointsWriter(this.#database, outbox);
    this.#statements = prepareAll(this.#database, statements);
  }

  /**
   * A commit at a time of so many points: whoever else waits for this disk waits for a small one. They lie in the order of
   * their series, so no page is written twice for that; what is written of a batch that fails is written again.
   */
  write(batch: PointBatch): void {
    try {
      const rows = inTransaction(this.#database, () => this.#writer.place(batch));
      for (let from = 0; from < countRows(rows); from += pointsAtOnce)
        inTransaction(this.#database, () => this.#writer.insert(rows, { from, count: pointsAtOnce }));
    } catch (error) {
      this.#writer.forgetSeries();
      throw error;
    }
  }

  outboxDepth(): number {
    return Number(this.#statements.outboxDepth.get()?.depth);
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
  prune(slice: PruneSlice): PruneResult {
    const found = this.#statements.nextSeries.get(slice.series);
    if (!found) return { deleted: 0 };
    const id = Number(found.id);
    const deleted = this.points.prune({ ...slice, series: id });
    return { deleted, next: deleted < slice.most ? id + 1 : id };
  }

  close(): void {
    this.#database.close();
  }
}
