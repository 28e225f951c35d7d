import { expect, test } from 'vitest';
import { type Spool, SpoolConsumer, type SpoolConsumerOptions } from '../../src/ingest/telemetry/spool-consumer.ts';
import type { DeadLetter, SpoolRow } from '../../src/ingest/telemetry/spool-database.ts';
import { silentLog } from '../../src/shared/log.ts';
import { until } from './rig.ts';

/** A spool in memory that keeps its cursor when its consumer does not live on. */
function memorySpool(...devices: string[]) {
  const rows: SpoolRow[] = devices.map((device, index) => ({ seq: index + 1, device, body: `${device}${index + 1}` }));
  const state = { cursor: 0, reads: 0 };
  const buried: DeadLetter[] = [];
  const spool: Spool = {
    positions: async () => ({ head: rows.length, cursor: state.cursor }),
    readSpool: async (after, limit) => {
      state.reads += 1;
      return rows.filter(({ seq }) => seq > after).slice(0, limit);
    },
    advance: async (seq) => {
      state.cursor = seq;
    },
    bury: async (letter) => {
      buried.push(letter);
    },
  };
  const write = (device: string) => {
    const row = { seq: rows.length + 1, device, body: `${device}${rows.length + 1}` };
    rows.push(row);
    return row;
  };
  return { spool, state, buried, write };
}

async function startConsumer(spool: Spool, options: Partial<SpoolConsumerOptions> = {}) {
  const delivered: string[] = [];
  const consumer = new SpoolConsumer({
    spool,
    deliver: async ({ body }) => void delivered.push(body),
    log: silentLog,
    backoff: { baseMs: 1, maxMs: 2 },
    ...options,
  });
  await consumer.start();
  return { consumer, delivered, [Symbol.asyncDispose]: () => consumer.close() };
}

test('what is in the spool is delivered in the order of each device, and the cursor follows', async () => {
  const { spool, state } = memorySpool('a', 'b', 'a', 'a', 'b');
  const { consumer, delivered } = await startConsumer(spool);
  await until('all', () => delivered.length === 5);
  await consumer.close();
  expect(delivered.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a3', 'a4']);
  expect(delivered.filter((body) => body.startsWith('b'))).toEqual(['b2', 'b5']);
  expect(state.cursor).toBe(5);
});

test('the last of what is delivered while the cursor is being saved is saved too, though nothing comes after it', async () => {
  const { spool, state, write } = memorySpool('a');
  const saving = Promise.withResolvers<void>();
  const saved: number[] = [];
  const advance = async (seq: number) => {
    saved.push(seq);
    if (seq === 1) await saving.promise;
    await spool.advance(seq);
  };
  await using rig = await startConsumer({ ...spool, advance });
  await until('the first is being saved', () => saved.length === 1);
  rig.consumer.offer([write('a')]);
  await until('the second', () => rig.delivered.length === 2);
  saving.resolve();
  await until('saved', () => state.cursor === 2);
});

test('what is offered is not read again; what does not join on is', async () => {
  const { spool, state, write } = memorySpool('a');
  await using rig = await startConsumer(spool);
  await until('the first', () => rig.delivered.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const readsBefore = state.reads;
  rig.consumer.offer([write('a'), write('b')]);
  await until('offered', () => rig.delivered.length === 3);
  expect(state.reads).toBe(readsBefore);
  write('a');
  rig.consumer.offer([write('b')]);
  await until('read', () => rig.delivered.length === 5);
  expect(rig.delivered).toEqual(['a1', 'a2', 'b3', 'a4', 'b5']);
});

test('a message that fails is tried again; other devices go on, the cursor waits', async () => {
  const { spool, state } = memorySpool('a', 'b', 'b');
  let broken = true;
  const delivered: string[] = [];
  const deliver = async ({ body }: SpoolRow) => {
    if (broken && body === 'a1') throw new Error('not now');
    delivered.push(body);
  };
  await using _rig = await startConsumer(spool, { deliver, attempts: 10_000 });
  await until('the other device', () => delivered.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(state.cursor).toBe(0);
  broken = false;
  await until('all', () => delivered.length === 3);
  await until('the cursor', () => state.cursor === 3);
});

test('what keeps failing becomes a dead letter with the reason, and what is behind it is delivered', async () => {
  const { spool, buried } = memorySpool('a', 'a');
  const delivered: string[] = [];
  const deliver = async ({ body }: SpoolRow) => {
    if (body === 'a1') throw new Error('never');
    delivered.push(body);
  };
  await using _rig = await startConsumer(spool, { deliver, attempts: 3 });
  await until('the next', () => delivered.length === 1);
  expect(buried).toEqual([{ source: 'spool', device: 'a', reason: 'never', body: 'a1' }]);
});

test('a delivery without end fails at its deadline', async () => {
  const { spool, buried } = memorySpool('a');
  await using _rig = await startConsumer(spool, { deliver: () => new Promise(() => {}), attempts: 2, deadlineMs: 20 });
  await until('the dead letter', () => buried.length === 1);
  expect(buried[0]?.reason).toMatch(/20 ms/);
});

test('closed in the middle, the next one begins with what was not delivered', async () => {
  const { spool, state } = memorySpool('a', 'a', 'a');
  const first: string[] = [];
  const begun: string[] = [];
  const hold = Promise.withResolvers<void>();
  const { consumer } = await startConsumer(spool, {
    deliver: async ({ body }) => {
      begun.push(body);
      if (body === 'a2') await hold.promise;
      first.push(body);
    },
  });
  await until('the second to begin', () => begun.length === 2);
  const closing = consumer.close();
  hold.resolve();
  await closing;
  expect(state.cursor).toBe(2);
  await using second = await startConsumer(spool);
  await until('the rest', () => second.delivered.length === 1);
  expect([...first, ...second.delivered]).toEqual(['a1', 'a2', 'a3']);
});

test('more than fits in the window is read bit by bit', async () => {
  const { spool, state } = memorySpool(...Array.from({ length: 5_000 }, (_, n) => `d${n % 7}-`));
  await using rig = await startConsumer(spool, { window: 64 });
  await until('all', () => rig.delivered.length === 5_000);
  await until('the cursor', () => state.cursor === 5_000);
});
