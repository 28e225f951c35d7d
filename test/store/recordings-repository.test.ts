import { expect, test } from 'vitest';
import {
  deleteHold,
  expiredRecordings,
  holdsBetween,
  insertHold,
  insertRecording,
  type Recording,
  recordingAfter,
  recordingBefore,
  recordingsBetween,
  recordingTotals,
  updateRecordings,
} from '../../src/store/recordings-repository.ts';
import { temporaryStore } from '../helpers/access-house.ts';

const start = Date.parse('2026-11-21T08:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000);

function minute(index: number, fields: Partial<Recording> = {}): Recording {
  const id = `r${index}`;
  const times = { startedAt: at(index * 60), endedAt: at(index * 60 + 60) };
  const facts = { ring: false, open: false, bytes: 1_000, codec: 'h264', holes: [] };
  return { id, camera: 'cam', file: `cam/${id}.mp4`, ...times, ...facts, ...fields };
}

test('what overlaps a span is found in order, what only touches it is not', async () => {
  await using database = await temporaryStore();
  const { db } = database.store;
  const hole = { from: at(61), to: at(62), reason: 'loss' };
  const all = [minute(2), minute(0), minute(1, { gapBefore: 'offline', holes: [hole], cameraClockOffsetMs: -40 })];
  for (const recording of [...all, minute(1, { id: 'x', camera: 'other', file: 'x' })])
    await insertRecording(db, recording);
  const found = await recordingsBetween(db, { camera: 'cam', from: at(60), to: at(120) }, 10);
  expect(found).toEqual([minute(1, { gapBefore: 'offline', holes: [hole], cameraClockOffsetMs: -40 })]);
  expect((await recordingAfter(db, 'cam', at(61)))?.id).toBe('r2');
  expect((await recordingBefore(db, 'cam', at(60)))?.id).toBe('r0');
  expect(await recordingTotals(db)).toEqual({ files: 4, bytes: 4_000 });
});

test('progress is written to the rows it names', async () => {
  await using database = await temporaryStore();
  const { store } = database;
  await insertRecording(store.db, minute(0, { open: true }));
  const change = { id: 'r0', open: false, endedAt: at(12), bytes: 77, holes: [] };
  await store.transaction((tx) => updateRecordings(tx, [change]));
  expect(await recordingsBetween(store.db, { camera: 'cam', from: at(0), to: at(9) }, 9)).toEqual([minute(0, change)]);
});

test('locked, open and ring recordings never expire; a lock taken away lets go', async () => {
  await using database = await temporaryStore();
  const { db } = database.store;
  await insertRecording(db, minute(0));
  await insertRecording(db, minute(1));
  await insertRecording(db, minute(2, { open: true }));
  await insertRecording(db, minute(3, { ring: true }));
  await insertRecording(db, minute(4, { camera: 'other' }));
  const span = { camera: 'cam', from: at(70), to: at(80) };
  await insertHold(db, { ...span, camera: 'cam', from: at(0), to: at(60), kind: 'keep', reason: 'alert' });
  const lock = await insertHold(db, { ...span, kind: 'lock', reason: 'evidence' });
  expect(await holdsBetween(db, span)).toMatchObject([{ kind: 'lock', reason: 'evidence' }]);
  const expired = async (cameras: string[], except: boolean) =>
    (await expiredRecordings(db, { before: at(9_999), cameras, except }, 10)).map(({ id }) => id);
  expect(await expired(['cam'], false)).toEqual(['r0']);
  expect(await expired(['cam'], true)).toEqual(['r4']);
  expect(await expired([], true)).toEqual(['r0', 'r4']);
  expect([await deleteHold(db, lock), await deleteHold(db, lock)]).toEqual([true, false]);
  expect(await expired(['cam'], false)).toEqual(['r0', 'r1']);
});
