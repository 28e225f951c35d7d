import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import { LastPictures } from '../../../src/streams/frames/last-pictures.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const picture = (mark: string, at = '2026-01-02T03:04:05.678Z') => ({ jpeg: Buffer.from(mark), at: new Date(at) });

test('the last picture survives a restart with its time; the disk is written seldom, and when all ends', async () => {
  await using dir = await tempDir();
  const folder = join(dir.path, 'pictures');
  const first = new LastPictures(folder, silentLog);
  expect(await first.read('cam')).toBeUndefined();
  first.keep('cam', picture('one'));
  await expect.poll(() => readdir(folder).catch(() => [])).toEqual(['cam.jpg']);
  first.keep('cam', picture('two'));
  first.keep('cam', picture('three', '2026-01-02T03:05:00.000Z'));
  expect(await new LastPictures(folder, silentLog).read('cam')).toEqual(picture('one'));
  await first.close();
  await first.close();
  expect(await new LastPictures(folder, silentLog).read('cam')).toEqual(picture('three', '2026-01-02T03:05:00.000Z'));
  expect(await readdir(folder)).toEqual(['cam.jpg']);
  expect((await stat(join(folder, 'cam.jpg'))).mode & 0o077).toBe(0);
});

test('pictures of cameras that are no more are deleted, and what is left of a broken write', async () => {
  await using dir = await tempDir();
  for (const name of ['a.jpg', 'b.jpg', 'a.jpg.new']) await writeFile(join(dir.path, name), name);
  const pictures = new LastPictures(dir.path, silentLog);
  await pictures.prune(new Set(['a']));
  expect(await readdir(dir.path)).toEqual(['a.jpg']);
});

test('a file too large is no picture, and none too large is written; a disk that refuses is survived', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cam.jpg'), '');
  await truncate(join(dir.path, 'cam.jpg'), 5_000_000);
  const pictures = new LastPictures(dir.path, silentLog);
  expect(await pictures.read('cam')).toBeUndefined();
  pictures.keep('big', { jpeg: Buffer.alloc(5_000_000), at: new Date() });
  await pictures.close();
  expect(await readdir(dir.path)).toEqual(['cam.jpg']);
  const blocked = join(dir.path, 'blocked');
  await mkdir(join(blocked, 'cam.jpg'), { recursive: true });
  const refused = new LastPictures(blocked, silentLog);
  refused.keep('cam', picture('one'));
  await refused.close();
  await expect(readFile(join(blocked, 'cam.jpg'))).rejects.toThrow();
});
