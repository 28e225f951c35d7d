import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { linesOf, type PointBatch, seriesOf, timesEach } from './point-batch.ts';

/** Points as rows of `[series, at, value, received]`, one behind the other. */
export type PointRows = readonly number[];

const columns = 4;
const linesRemembered = 100_000;
/** Of one statement: a call costs as much as two rows of it. */
const rowsAtOnce = 50;

const insertInto = 'INSERT INTO points (series, at, value, received) VALUES';
const ifNew = 'ON CONFLICT (series, at, value) DO NOTHING';

/** Writes points under the numbers of their series, and, where a remote store is to get them, into its outbox. */
export class PointsWriter {
  readonly #outbox: boolean;
  readonly #lines = new Map<string, readonly number[]>();
  readonly #names = new Map<number, string>();
  readonly #one: StatementSync;
  readonly #some: StatementSync;
  readonly #twins: StatementSync;
  readonly #send: StatementSync;
  readonly #addSeries: StatementSync;
  readonly #findSeries: StatementSync;

  constructor(database: DatabaseSync, outbox: boolean) {
    this.#outbox = outbox;
    this.#one = database.prepare(`${insertInto} (?, ?, ?, ?) ${ifNew}`);
    this.#some = database.prepare(`${insertInto} ${Array(rowsAtOnce).fill('(?, ?, ?, ?)').join(', ')} ${ifNew}`);
    this.#twins = database.prepare('SELECT count(*) AS n FROM points WHERE series = ? AND at = ?');
    this.#send = database.prepare(
      'INSERT INTO outbox (device, measurement, at, received, ordinal, value) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#addSeries = database.prepare('INSERT OR IGNORE INTO series (device, measurement) VALUES (?, ?)');
    this.#findSeries = database.prepare('SELECT id FROM series WHERE device = ? AND measurement = ?');
  }

  /** The rows of a batch, one series after another: those of one lie together on disk, and it costs a third less than as they came. */
  place(batch: PointBatch): PointRows {
    const { numbers } = batch;
    const placed = new Map<number, number[]>();
    let start = 0;
    for (const line of linesOf(batch)) {
      const ids = this.#idsOf(line);
      const [at = 0, receivedAt = 0] = [numbers[start], numbers[start + 1]];
      for (const [index, id] of ids.entries())
        rowsOf(placed, id).push(id, at, numbers[start + timesEach + index] ?? 0, receivedAt);
      start += timesEach + ids.length;
    }
    return [...placed.keys()].sort((one, other) => one - other).flatMap((id) => rowsOf(placed, id));
  }

  /** So many of the rows from the `from`th on. */
  insert(rows: PointRows, { from, count }: { readonly from: number; readonly count: number }): void {
    const end = Math.min(rows.length, columns * (from + count));
    let at = columns * from;
    if (!this.#outbox)
      for (const width = columns * rowsAtOnce; at + width <= end; at += width)
        this.#some.run(...rows.slice(at, at + width));
    for (; at < end; at += columns) this.#insert(rows.slice(at, at + columns));
  }

  /** After a rollback the ids handed out within it are not real. */
  forgetSeries(): void {
    this.#lines.clear();
    this.#names.clear();
  }

  #insert(row: PointRows): void {
    const [id = 0, at = 0, value = 0, receivedAt = 0] = row;
    const { changes } = this.#one.run(...row);
    if (!this.#outbox || changes === 0) return;
    const ordinal = Number(this.#twins.get(id, at)?.n ?? 1) - 1;
    const [device, measurement] = namesOf(this.#names.get(id) ?? '');
    this.#send.run(device, measurement, at, receivedAt, ordinal, value);
  }

  /** A device says the same things again and again: its line is looked up as a whole. */
  #idsOf(line: string): readonly number[] {
    const known = this.#lines.get(line);
    if (known) return known;
    const ids = seriesOf(line).map((series) => this.#seriesId(series));
    if (this.#lines.size >= linesRemembered) this.#lines.clear();
    this.#lines.set(line, ids);
    return ids;
  }

  #seriesId(series: string): number {
    this.#addSeries.run(...namesOf(series));
    const id = Number(this.#findSeries.get(...namesOf(series))?.id);
    this.#names.set(id, series);
    return id;
  }
}

export function countRows(rows: PointRows): number {
  return rows.length / columns;
}

function rowsOf(placed: Map<number, number[]>, id: number): number[] {
  const known = placed.get(id);
  if (known) return known;
  const rows: number[] = [];
  placed.set(id, rows);
  return rows;
}

function namesOf(series: string): [device: string, measurement: string] {
  const tab = series.indexOf('\t');
  return [series.slice(0, tab), series.slice(tab + 1)];
}
