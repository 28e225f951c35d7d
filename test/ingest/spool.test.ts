import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eachPoint, type PackedPoint, type PointBatch } from '../../src/ingest/telemetry/point-batch.ts';
import { packBatch } from '../../src/ingest/telemetry/spool-batch.ts';
import { openSpool } from '../../src/ingest/telemetry/spool-calls.ts';
import { scratch } from './rig.ts';

async function startSpool() {
  const directory = await scratch();
  const path = join(directory.path, 'spool.sqlite');
  const spool = await openSpool(path);
  return {
    spool,
    path,
    [Symbol.asyncDispose]: async () => {
      await spool.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function pointsOf(batch: PointBatch): PackedPoint[] {
  const points: PackedPoint[] = [];
  eachPoint(batch, (one) => points.push(one));
  return points;
}

const message = (device: string, values: readonly number[]) => ({
  device,
  body: `{"of":"${device}\\nand more"}`,
  at: 1_000,
  receivedAt: 2_000,
  measured: Object.fromEntries(values.map((value, index) => [`probe_${index}`, value])),
});

test('messages come back as they were, and are gone once they are delivered', async () => {
  await using rig = await startSpool();
  expect(await rig.spool.ask('append', packBatch([message('a', []), message('b', [])]))).toBe(2);
  expect(await rig.spool.ask('readSpool', { after: 1, limit: 10 })).toEqual([
    { seq: 2, device: 'b', body: message('b', []).body },
  ]);
  await rig.spool.ask('advance', 2);
  expect(await rig.spool.ask('depth', undefined)).toEqual({ spool: 0, deadLetters: 0 });
  expect(await rig.spool.ask('append', packBatch([message('c', [])]))).toBe(3);
});

test('points are read in order, about so many at a time, on from where they are settled', async () => {
  await using rig = await startSpool();
  for (const values of [[1, 2, 3], [], [4], [5, 6]])
    await rig.spool.ask('append', packBatch([message('ws 01', values)]));
  const first = await rig.spool.ask('readPoints', { after: 0, most: 2 });
  expect(pointsOf(first.batch).map(({ value }) => value)).toEqual([1, 2, 3]);
  expect(pointsOf(first.batch)[1]).toEqual({ series: 'ws 01\tprobe_1', at: 1_000, receivedAt: 2_000, value: 2 });
  expect(first.full).toBe(true);
  await rig.spool.ask('settlePoints', first.last);
  const { pointsCursor } = await rig.spool.ask('positions', undefined);
  const rest = await rig.spool.ask('readPoints', { after: pointsCursor, most: 100 });
  expect(pointsOf(rest.batch).map(({ value }) => value)).toEqual([4, 5, 6]);
  expect(rest.full).toBe(false);
});

test('what another process left is there', async () => {
  await using rig = await startSpool();
  await rig.spool.ask('append', packBatch([message('a', [7])]));
  const next = await openSpool(rig.path);
  expect(await next.ask('positions', undefined)).toEqual({ head: 1, cursor: 0, pointsCursor: 0 });
  expect(pointsOf((await next.ask('readPoints', { after: 0, most: 9 })).batch)).toHaveLength(1);
  await next.close();
});

test('a flood of dead letters drives out the oldest of them, but no call for help', async () => {
  await using rig = await startSpool();
  const sos = { source: 'spool' as const, device: 'xun7', reason: 'the desk is away', body: '{"type":"sos"}' };
  const poison = { source: 'outbox' as const, device: 'ws01', reason: 'dropped=1', body: 'door,device=ws01 value=1 1' };
  await rig.spool.ask('bury', [sos, poison]);
  await rig.spool.ask('bury', Array(10_500).fill(poison));
  expect(await rig.spool.ask('depth', undefined)).toEqual({ spool: 0, deadLetters: 10_001 });
  expect(await rig.spool.ask('deadSos', 10)).toEqual([{ id: 1, body: sos.body }]);
});
