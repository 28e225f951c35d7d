import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Recording } from '../../../src/store/recordings-repository.ts';
import { originalOf } from '../../../src/streams/recorder/originals.ts';
import { RecordingDisk } from '../../../src/streams/recorder/recording-disk.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const at = new Date('2026-11-26T08:00:00Z');
const recordingOf = (bytes: number): Recording => ({
  ...{ id: 'r1', camera: 'cam', file: 'cam/1.mp4', ring: false, open: false, codec: 'h264', holes: [] },
  ...{ startedAt: at, endedAt: at, bytes },
});

async function openFile(bytes: Buffer) {
  const dir = await tempDir();
  await mkdir(join(dir.path, 'cam'));
  const path = join(dir.path, 'cam/1.mp4');
  await writeFile(path, bytes);
  return { path, disk: new RecordingDisk(dir.path), [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() };
}

test('a recorded file is read as it is, also when it is deleted while it is read', async () => {
  const bytes = randomBytes(600_000);
  await using file = await openFile(bytes);
  const stream = await originalOf(file.disk, recordingOf(bytes.length)).open();
  await rm(file.path);
  expect(stream && (await buffer(stream)).equals(bytes)).toBe(true);
});

test('one that is still written ends where it ended when it was asked for', async () => {
  const bytes = randomBytes(1_000);
  await using file = await openFile(bytes);
  const stream = await originalOf(file.disk, recordingOf(700)).open();
  expect(stream && (await buffer(stream)).equals(bytes.subarray(0, 700))).toBe(true);
});

test('one that is gone is none, and one that is shorter than it should be fails', async () => {
  await using file = await openFile(randomBytes(1_000));
  const short = await originalOf(file.disk, recordingOf(1_001)).open();
  await expect(short && buffer(short)).rejects.toMatchObject({ code: 'NOTHING_RECORDED' });
  await rm(file.path);
  expect(await originalOf(file.disk, recordingOf(1_000)).open()).toBeUndefined();
});
