import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import { insertHold, insertRecording, type Recording } from '../../../src/store/recordings-repository.ts';
import { type Disk, ForeignFileError, RecordingDisk } from '../../../src/streams/recorder/recording-disk.ts';
import { Retention } from '../../../src/streams/recorder/retention.ts';
import { Ring } from '../../../src/streams/recorder/ring.ts';
import { temporaryStore } from '../../helpers/access-house.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const now = new Date('2026-11-21T08:00:00.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

function recording(id: string, fields: Partial<Recording> = {}): Recording {
  const startedAt = fields.startedAt ?? now;
  const facts = { ring: false, open: false, bytes: 100, codec: 'h264', holes: [] };
  const endedAt = new Date(startedAt.getTime() + 60_000);
  return { id, camera: 'cam', file: `cam/${id}.mp4`, startedAt, endedAt, ...facts, ...fields };
}

/** Files of 100 bytes on a disk that has `freeBytes` of 10 000. */
async function openShelf(recordings: readonly Recording[], freeBytes = 10_000) {
  await using opened = new AsyncDisposableStack();
  const { store } = opened.use(await temporaryStore());
  const { path: root } = opened.use(await tempDir());
  const real = new RecordingDisk(root);
  let free = freeBytes;
  const disk: Disk = {
    create: (file) => real.create(file),
    open: (file) => real.open(file),
    cut: (file, bytes) => real.cut(file, bytes),
    remove: async (file) => {
      await real.remove(file);
      free += 100;
    },
    usage: async () => ({ totalBytes: 10_000, freeBytes: free }),
  };
  for (const one of recordings) {
    await mkdir(dirname(join(root, one.file)), { recursive: true });
    await writeFile(join(root, one.file), Buffer.alloc(100));
    await insertRecording(store.db, one);
  }
  const left = opened.move();
  const options = { store, disk, maxDiskPercent: 85, days: 3, log: silentLog };
  return {
    store,
    disk,
    root,
    retention: (daysOf: [string, number][] = []) => new Retention({ ...options, daysOf: () => new Map(daysOf) }),
    there: () => recordings.filter(({ file }) => existsSync(join(root, file))).map(({ id }) => id),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

const fresh = (count: number) => Array.from({ length: count }, (_, index) => recording(`new${index}`));

test('what is older than its days goes with its row, locked evidence stays', async () => {
  const old = [recording('old', { startedAt: daysAgo(4) }), recording('locked', { startedAt: daysAgo(9) })];
  await using shelf = await openShelf([...old, ...fresh(8)]);
  await insertHold(shelf.store.db, {
    camera: 'cam',
    kind: 'lock',
    from: daysAgo(9),
    to: daysAgo(8.99),
    reason: 'case',
  });
  expect(await shelf.retention().prune({ now })).toEqual({ deleted: 1, bytes: 100, refused: 0 });
  expect(shelf.there()).toEqual(['locked', ...fresh(8).map(({ id }) => id)]);
  expect(await shelf.store.db.selectFrom('recordings').select('id').where('id', '=', 'old').execute()).toEqual([]);
});

test('a camera keeps its own days', async () => {
  const files = [
    recording('short', { startedAt: daysAgo(2) }),
    recording('long', { startedAt: daysAgo(20), camera: 'evidence', file: 'evidence/long.mp4' }),
  ];
  await using shelf = await openShelf([...files, ...fresh(9)]);
  await shelf
    .retention([
      ['cam', 1],
      ['evidence', 30],
    ])
    .prune({ now });
  expect(shelf.there().includes('short')).toBe(false);
  expect(shelf.there().includes('long')).toBe(true);
});

test('a clock a year ahead deletes nothing without a word, and all that is due with one', async () => {
  await using shelf = await openShelf(fresh(10));
  const ahead = new Date(now.getTime() + 365 * 86_400_000);
  expect(await shelf.retention().prune({ now: ahead })).toMatchObject({ deleted: 0, refused: expect.any(Number) });
  expect(shelf.there()).toHaveLength(10);
  await insertHold(shelf.store.db, { camera: 'cam', kind: 'lock', from: now, to: ahead, reason: 'case' });
  expect(await shelf.retention().prune({ now: ahead, confirm: true })).toMatchObject({ deleted: 0 });
  expect(shelf.there()).toHaveLength(10);
});

test('a full disk loses its oldest, as much as is needed and a fifth at most', async () => {
  const files = Array.from({ length: 20 }, (_, index) => recording(`${index}`, { startedAt: daysAgo(2 - index / 20) }));
  await using little = await openShelf(files, 1_200);
  expect(await little.retention().prune({ now })).toEqual({ deleted: 3, bytes: 300, refused: 0 });
  expect(little.there()[0]).toBe('3');
  await using much = await openShelf(files, 0);
  expect(await much.retention().prune({ now })).toMatchObject({ deleted: 4, refused: expect.any(Number) });
  expect(await much.retention().prune({ now, confirm: true })).toMatchObject({ deleted: 11, refused: 0 });
});

test('one pass after the other takes no more than was written since', async () => {
  const files = Array.from({ length: 20 }, (_, index) => recording(`${index}`, { startedAt: daysAgo(2 - index / 20) }));
  await using shelf = await openShelf(files, 0);
  const retention = shelf.retention();
  await retention.prune({ now });
  expect((await retention.prune({ now })).deleted).toBe(0);
  retention.written(200);
  expect((await retention.prune({ now })).deleted).toBe(2);
});

test('the ring keeps its last parts and what is held, and counts no time', async () => {
  const parts = Array.from({ length: 6 }, (_, index) =>
    recording(`${index}`, { ring: true, startedAt: new Date(now.getTime() + index * 60_000 * (index % 2 ? 1 : -1)) }),
  );
  await using shelf = await openShelf(parts);
  const { startedAt: from, endedAt: to } = parts[1] ?? recording('none');
  await insertHold(shelf.store.db, { camera: 'cam', kind: 'keep', from, to, reason: 'alert' });
  const ring = new Ring({ store: shelf.store, disk: shelf.disk, log: silentLog, parts: 3 }, parts.slice(0, 2));
  for (const part of parts.slice(2)) ring.add(part);
  await ring.close();
  expect(shelf.there()).toEqual(['1', '3', '4', '5']);
  const kept = shelf.store.db.selectFrom('recordings').select('id').where('ring', '=', 0);
  expect(await kept.execute()).toEqual([{ id: '1' }]);
});

test.each(['../outside.mp4', 'cam/../../outside.mp4', '/etc/passwd', 'cam/\0.mp4', ''])(
  'a name that leads outside is refused: %j',
  async (file) => {
    await using shelf = await openShelf([recording('a')]);
    await expect(shelf.disk.open(file)).rejects.toThrow();
    await expect(shelf.disk.create(file)).rejects.toThrow();
    await expect(shelf.disk.remove(file)).rejects.toThrow();
  },
);

test('a link that leads outside is refused', async () => {
  await using outside = await tempDir();
  await writeFile(join(outside.path, 'secret.mp4'), 'secret');
  await using shelf = await openShelf([recording('a')]);
  await symlink(outside.path, join(shelf.root, 'linked'));
  await symlink(join(outside.path, 'secret.mp4'), join(shelf.root, 'cam/link.mp4'));
  for (const file of ['linked/secret.mp4', 'cam/link.mp4'])
    await expect(shelf.disk.open(file)).rejects.toThrow(ForeignFileError);
  await expect(shelf.disk.create('linked/new.mp4')).rejects.toThrow(ForeignFileError);
  await expect(shelf.disk.remove('linked/secret.mp4')).rejects.toThrow(ForeignFileError);
  expect(existsSync(join(outside.path, 'secret.mp4'))).toBe(true);
});
