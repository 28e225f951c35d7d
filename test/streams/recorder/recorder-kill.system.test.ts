import { globSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { TranscoderSlots } from '../../../src/streams/transcode/transcoder-slots.ts';
import { Program, root } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip, run } from '../clips.ts';
import { timelineOf } from './recording-house.ts';

/** Opens what a killed process left, without a camera. */
async function openLeft(directory: string) {
  const store = await openStore(join(directory, 'operations.sqlite'));
  const recorder = new Recorder({
    transcoding: { slots: new TranscoderSlots(1), ffmpegPath: 'ffmpeg' },
    cameras: [],
    config: { days: 3, maxDiskPercent: 99 },
    dataDirectory: directory,
    store,
    feed: () => () => undefined,
    log: silentLog,
  });
  recorder.start();
  return {
    recorder,
    store,
    [Symbol.asyncDispose]: async () => {
      await recorder.close();
      await store.close();
    },
  };
}

/* Each waits while a process of its own records: all of them at once. */

test.concurrent.for([3_100, 4_350, 6_020])(
  'kill -9 after %i ms costs a second at most, and the next start knows to the picture what there is',
  { timeout: 120_000 },
  async (afterMs, { expect }) => {
    const clip = await makeClip({ size: '320x240' });
    await using dir = await tempDir();
    const from = new Date(Date.now() - 1_000);
    const script = join(root, 'test/streams/recorder/recorder-process.ts');
    await using program = new Program([script, clip, dir.path]);
    await program.said(/^recording$/, 60_000);
    await wait(afterMs);
    const killedAt = Date.now();
    program.kill('SIGKILL');
    await program.ended;
    const [path = ''] = globSync(join(dir.path, 'recordings/*/*/*.mp4'));
    await appendFile(path, Buffer.from('000003e86d6f6f66', 'hex'));
    await using left = await openLeft(dir.path);
    const open = () => left.store.db.selectFrom('recordings').select('id').where('open', '=', 1).execute();
    await expect.poll(open, { timeout: 10_000 }).toEqual([]);
    const items = await timelineOf(left.recorder, 'cam', from);
    const recorded = items.find(({ kind }) => kind === 'recording');
    const lostMs = killedAt - (recorded?.to.getTime() ?? 0);
    expect(lostMs).toBeLessThan(1_000);
    expect(lostMs).toBeGreaterThan(-100);
    const { stderr } = await run('ffmpeg', ['-v', 'warning', '-i', path, '-f', 'null', '-']);
    expect(stderr).toBe('');
  },
);

test.concurrent('files whose index is lost are taken in again, none is deleted', async ({ expect }) => {
  const clip = await makeClip({ size: '320x240' });
  await using dir = await tempDir();
  const from = new Date(Date.now() - 1_000);
  await using program = new Program([join(root, 'test/streams/recorder/recorder-process.ts'), clip, dir.path]);
  await program.said(/^recording$/, 60_000);
  await wait(2_000);
  program.kill('SIGKILL');
  await program.ended;
  for (const file of globSync(join(dir.path, 'operations.sqlite*'))) await rm(file);
  await using left = await openLeft(dir.path);
  const recorded = async () =>
    (await timelineOf(left.recorder, 'cam', from)).filter(({ kind }) => kind === 'recording');
  await expect.poll(recorded, { timeout: 10_000 }).toHaveLength(1);
  const [span] = await recorded();
  expect((span?.to.getTime() ?? 0) - (span?.from.getTime() ?? 0)).toBeGreaterThan(1_000);
  expect(globSync(join(dir.path, 'recordings/*/*/*.mp4'))).toHaveLength(1);
}, 60_000);
