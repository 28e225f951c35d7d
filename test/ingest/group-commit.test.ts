import { expect, test } from 'vitest';
import { GroupCommit } from '../../src/ingest/telemetry/group-commit.ts';
import type { SpoolEntry } from '../../src/ingest/telemetry/spool-batch.ts';
import { TelemetryFileError } from '../../src/ingest/telemetry/telemetry-file-error.ts';
import { until } from './rig.ts';

const entry = (device: string): SpoolEntry => ({ device, body: '{}', at: 0, receivedAt: 0, measured: {} });
const full = () => new TelemetryFileError('database or disk is full', 13);

/** A disk that writes what `refuses` lets it, and remembers its batches. */
function disk(refuses: (batch: readonly SpoolEntry[]) => Error | undefined = () => undefined, maxPending = 1_000) {
  const batches: string[][] = [];
  const commit = new GroupCommit({
    write: async (entries) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      const error = refuses(entries);
      if (error) throw error;
      batches.push(entries.map(({ device }) => device));
      return batches.flat().length;
    },
    committed: () => {},
    maxPending,
    maxBatch: 10,
  });
  return { commit, batches };
}

test('what comes while a batch is being written is the next batch, in order', async () => {
  const { commit, batches } = disk();
  const first = commit.append(entry('a'));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await Promise.all([first, ...['b', 'c', 'd'].map((name) => commit.append(entry(name)))]);
  expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
});

test('few messages wait for more, a lone one for nothing', async () => {
  const { commit, batches } = disk();
  const first = commit.append(entry('a'));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const second = commit.append(entry('b'));
  await first;
  await Promise.all([second, commit.append(entry('c'))]);
  expect(batches).toEqual([['a'], ['b', 'c']]);
});

test('a full disk acknowledges nothing and says why; with room again it goes on by itself (T07)', async () => {
  let isFull = true;
  const { commit, batches } = disk(() => (isFull ? full() : undefined));
  let settled = 0;
  const appends = ['a', 'b'].map((name) => commit.append(entry(name)).finally(() => (settled += 1)));
  await until('the trouble', () => commit.trouble !== undefined);
  expect(commit.trouble).toMatch(/full/);
  expect(settled).toBe(0);
  isFull = false;
  await Promise.all(appends);
  expect(batches).toEqual([['a', 'b']]);
  expect(commit.trouble).toBeUndefined();
});

test('an entry the database refuses does not take its neighbours with it', async () => {
  const { commit, batches } = disk((batch) =>
    batch.some(({ device }) => device === 'bad') ? new TelemetryFileError('constraint', 19) : undefined,
  );
  const outcomes = await Promise.allSettled(['a', 'bad', 'c'].map((name) => commit.append(entry(name))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(batches).toEqual([['a'], ['c']]);
});

test('more than may wait is refused at once', async () => {
  const { commit } = disk(() => undefined, 2);
  const appends = ['a', 'b', 'c'].map((name) => commit.append(entry(name)));
  await expect(appends[2]).rejects.toMatchObject({ code: 'SPOOL_BUSY' });
  await Promise.all(appends.slice(0, 2));
});

test('closing writes what was taken; on a full disk it is handed back', async () => {
  const good = disk();
  const taken = good.commit.append(entry('a'));
  await good.commit.close();
  await taken;
  await expect(good.commit.append(entry('b'))).rejects.toMatchObject({ code: 'SPOOL_BUSY' });

  const bad = disk(full);
  const lost = bad.commit.append(entry('a')).catch((error: Error) => error.message);
  await until('the trouble', () => bad.commit.trouble !== undefined);
  await bad.commit.close();
  expect(await lost).toMatch(/full/);
});
