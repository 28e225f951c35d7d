import { expect, test } from 'vitest';
import { eachPoint, joinPoints, type PointBatch, packPoints } from '../../src/ingest/telemetry/point-batch.ts';
import { PointsDrain } from '../../src/ingest/telemetry/points-drain.ts';
import type { DeadLetter } from '../../src/ingest/telemetry/spool-database.ts';
import { TelemetryFileError } from '../../src/ingest/telemetry/telemetry-file-error.ts';
import { silentLog } from '../../src/shared/log.ts';
import { until } from './rig.ts';
import { point } from './telemetry-suite.ts';

/** A spool of rows in memory, and a store that takes what `refuses` lets it. */
class Rig implements AsyncDisposable {
  readonly rows: PointBatch[] = [];
  readonly stored: number[][] = [];
  readonly buried: DeadLetter[] = [];
  settled = 0;
  refuses: (values: readonly number[]) => Error | undefined = () => undefined;
  readonly drain = new PointsDrain({
    ports: {
      cursor: async () => this.settled,
      read: async (after, most) => {
        const rows = this.rows.slice(after, after + most);
        return { batch: joinPoints(rows), last: after + rows.length, full: after + rows.length < this.rows.length };
      },
      write: async (batch) => this.#write(batch),
      settle: async (seq) => {
        this.settled = seq;
      },
      bury: async (letters) => void this.buried.push(...letters),
    },
    log: silentLog,
    everyMs: 5,
  });

  append(...values: number[]): void {
    this.rows.push(packPoints(values.map((value, index) => point(index, value))));
    this.drain.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain.close();
  }

  #write(batch: PointBatch): void {
    const values: number[] = [];
    eachPoint(batch, ({ value }) => values.push(value));
    const error = this.refuses(values);
    if (error) throw error;
    this.stored.push(values);
  }
}

test('what a former process left is stored first, then what comes, in order', async () => {
  await using rig = new Rig();
  rig.append(1, 2);
  await rig.drain.start();
  await rig.drain.flush();
  expect(rig.stored.flat()).toEqual([1, 2]);
  rig.append(3);
  rig.append(4, 5);
  await rig.drain.flush();
  expect([rig.stored.flat(), rig.settled]).toEqual([[1, 2, 3, 4, 5], 3]);
});

test('what comes within a moment is stored at once', async () => {
  await using rig = new Rig();
  await rig.drain.start();
  await rig.drain.flush();
  for (let value = 0; value < 50; value += 1) rig.append(value);
  await until('all stored', () => rig.stored.flat().length === 50);
  expect(rig.stored.length).toBeLessThan(10);
});

test('with the disk full nothing is settled and the trouble is said; with room again it goes on by itself', async () => {
  await using rig = new Rig();
  await rig.drain.start();
  rig.refuses = () => new TelemetryFileError('database or disk is full', 13);
  rig.append(1);
  await until('the trouble', () => rig.drain.trouble !== undefined);
  expect([rig.drain.trouble, rig.settled]).toEqual([expect.stringContaining('full'), 0]);
  rig.refuses = () => undefined;
  await until('stored', () => rig.settled === 1);
  await rig.drain.flush();
  expect([rig.stored, rig.drain.trouble]).toEqual([[[1]], undefined]);
});

test('a point the store will never take is buried with the reason, its neighbours are stored (T05)', async () => {
  await using rig = new Rig();
  let tries = 0;
  rig.refuses = (values) => {
    if (!values.includes(37)) return undefined;
    tries += 1;
    return new TelemetryFileError('NOT NULL constraint failed', 19);
  };
  await rig.drain.start();
  rig.append(...Array.from({ length: 100 }, (_, value) => value));
  await rig.drain.flush();
  expect([rig.stored.flat().length, tries]).toEqual([99, 3]);
  expect(rig.buried).toEqual([
    {
      source: 'points',
      device: 'ws01',
      reason: expect.stringContaining('NOT NULL'),
      body: expect.stringContaining('"value":"37"'),
    },
  ]);
  expect(rig.settled).toBe(1);
});

test('nobody waits for ever: neither for a store that is away nor for one that is closed', async () => {
  const rig = new Rig();
  rig.refuses = () => new TelemetryFileError('disk I/O error', 10);
  await rig.drain.start();
  rig.append(1);
  const waits = rig.drain.flush();
  await rig.drain.close();
  await waits;
  await rig.drain.flush();
  expect(rig.settled).toBe(0);
});
