import { EventEmitter, once } from 'node:events';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ConfigWatch } from '../src/config-watch.ts';
import { silentLog } from '../src/shared/log.ts';
import { tempDir } from './helpers/temp-dir.ts';

/** A watch on a directory with one file; `told` counts the changes. */
async function openWatch({ files = ['cameras.yaml'], since = new Date(Date.now() + 60_000), everyMs = 60_000 } = {}) {
  await using opened = new AsyncDisposableStack();
  const { path: dir } = opened.use(await tempDir());
  await writeFile(join(dir, 'cameras.yaml'), 'cameras: []');
  const events = new EventEmitter();
  const seen = { told: 0, dir, events };
  const changed = async () => {
    seen.told += 1;
    events.emit('changed');
  };
  const watch = new ConfigWatch({ dir, files: () => files, changed, log: silentLog, since, settleMs: 50, everyMs });
  opened.defer(() => watch.close());
  await watch.start();
  const left = opened.move();
  const next = () => once(events, 'changed', { signal: AbortSignal.timeout(10_000) });
  return { ...seen, seen, watch, next, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

test('a file written in place, or put in its place under another name first, is a change, told once', async () => {
  await using home = await openWatch();
  const file = join(home.dir, 'cameras.yaml');
  const written = home.next();
  await writeFile(file, 'cameras: [] # one');
  await written;
  const renamed = home.next();
  await writeFile(`${file}.swp`, 'cameras: [] # two');
  await rename(`${file}.swp`, file);
  await renamed;
  const again = home.next();
  await writeFile(file, 'cameras: [] # three');
  await again;
  expect(home.seen.told).toBe(3);
});

test('what an editor leaves beside the files is no change', async () => {
  await using home = await openWatch();
  await writeFile(join(home.dir, '.cameras.yaml.swp'), 'x');
  await writeFile(join(home.dir, 'notes.txt'), 'x');
  const changed = home.next();
  await sleep(200);
  expect(home.seen.told).toBe(0);
  await writeFile(join(home.dir, 'cameras.yaml'), 'cameras: [] # changed');
  await changed;
  expect(home.seen.told).toBe(1);
});

test('a new file that an include covers is a change, and so is one in a directory below', async () => {
  await using home = await openWatch({ files: ['cameras.yaml', 'more-*.yaml', 'sites/*.yaml'], everyMs: 100 });
  const added = home.next();
  await writeFile(join(home.dir, 'more-1.yaml'), '');
  await added;
  const below = home.next();
  await mkdir(join(home.dir, 'sites'));
  await writeFile(join(home.dir, 'sites/a.yaml'), '');
  await below;
});

test('what was written after the configuration was read and before it is watched is a change', async () => {
  const before = new Date(Date.now() - 60_000);
  await using home = await openWatch({ since: before });
  if (home.seen.told === 0) await home.next();
  expect(home.seen.told).toBe(1);
});

test('a closed watch tells nothing', async () => {
  await using home = await openWatch();
  await home.watch.close();
  await writeFile(join(home.dir, 'cameras.yaml'), 'cameras: [] # changed');
  await sleep(300);
  expect(home.seen.told).toBe(0);
});
