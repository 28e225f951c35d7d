import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Log, silentLog } from '../../../src/shared/log.ts';
import { RtmpIntake } from '../../../src/streams/rtmp/rtmp-intake.ts';
import { descendantsOf, isRunning } from '../../helpers/processes.ts';
import { Program } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip } from '../clips.ts';
import { camera, play, startSources } from './playing.ts';

const zombies = () => descendantsOf(process.pid).filter(({ state }) => state === 'Z');
const ffmpegs = () => descendantsOf(process.pid).filter(({ name }) => name === 'ffmpeg' || name === 'sleep');

/** An ffmpeg that does as the shell lines say. */
async function fakeFfmpeg(directory: string, lines: string): Promise<string> {
  const path = join(directory, 'ffmpeg');
  await writeFile(path, `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A log that keeps what operators are warned of. */
function warningLog(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (_: object, message: string) => void warnings.push(message);
  const log: Log = { ...silentLog, warn, error: warn, child: () => log };
  return { log, warnings };
}

/** A connection of somebody else's may pass over the same port at this moment. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

test('after kill -9 of the server no child of its is alive within 2 s, and the port of pushes is free', async () => {
  const clip = await makeClip({ size: '320x240', slices: 1 });
  await using program = new Program([join(import.meta.dirname, 'sources-process.ts'), clip]);
  await program.said(/all play/, 60_000);
  const [, port] = await program.said(/listening on (\d+)/, 60_000);
  const children = descendantsOf(program.pid);
  expect(children.map(({ name }) => name).filter((name) => name === 'ffmpeg')).toHaveLength(3);
  expect(children.length).toBeGreaterThanOrEqual(4);
  program.kill('SIGKILL');
  await program.ended;
  await expect.poll(() => children.filter(isRunning), { timeout: 2_000, interval: 20 }).toEqual([]);
  await expect.poll(() => isFree(Number(port)), { timeout: 5_000, interval: 100 }).toBe(true);
});

test('an ffmpeg that hangs is found out, asked to end, and killed', async () => {
  const clip = camera(`file:${await makeClip({ size: '320x240', slices: 1 })}`);
  await using house = startSources([clip]);
  await using played = play(house.sources, clip);
  await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [hung] = ffmpegs();
  if (!hung) throw new Error('no ffmpeg runs');
  process.kill(hung.pid, 'SIGSTOP');
  expect(await played.ended).toMatchObject({ failure: 'no_packets' });
  expect(played.verdicts).toContain('no_packets');
  expect([isRunning(hung), zombies()]).toEqual([false, []]);
}, 60_000);

test('an ffmpeg that does not listen to TERM is killed after 5 s when nobody wants it any more', async () => {
  await using dir = await tempDir();
  const ffmpegPath = await fakeFfmpeg(dir.path, "trap '' TERM\nexec sleep 1000");
  const deaf = camera('file:/x.mp4');
  await using house = startSources([deaf], { ffmpegPath });
  const played = play(house.sources, deaf);
  await expect.poll(() => ffmpegs().filter(({ name }) => name === 'sleep'), { timeout: 10_000 }).toHaveLength(1);
  const startedAt = performance.now();
  await played.stop();
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThan(4_000);
  expect(tookMs).toBeLessThan(9_000);
  expect([ffmpegs(), zombies()]).toEqual([[], []]);
}, 60_000);

test('an ffmpeg that dies more than 5 times within a minute is left alone, and the operator is warned once', async () => {
  await using dir = await tempDir();
  const ffmpegPath = await fakeFfmpeg(dir.path, `echo x >> ${dir.path}/started; exit 1`);
  const broken = camera('file:/x.mp4');
  const { log, warnings } = warningLog();
  await using house = startSources([broken], { ffmpegPath, log });
  const failures: (string | undefined)[] = [];
  for (let attempt = 0; attempt < 10; attempt += 1) failures.push((await play(house.sources, broken).ended)?.message);
  expect(failures.filter((message) => message?.includes('more than 5 times'))).toHaveLength(4);
  expect(warnings).toEqual(['ffmpeg of a camera ends again and again; it rests a minute']);
  expect(zombies()).toEqual([]);
});

test('an intake that cannot listen says why, tries again, and after the sixth time rests and warns', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { log, warnings } = warningLog();
  const intake = new RtmpIntake({ host: '127.0.0.1', port, log });
  intake.allow([{ camera: 'drone-1', key: 'a-key-of-sixteen' }]);
  intake.start();
  await expect.poll(() => intake.state.phase, { timeout: 60_000 }).toBe('tripped');
  expect(intake.state).toMatchObject({ message: expect.stringContaining('EADDRINUSE') });
  expect([intake.restarts, warnings.at(-1)]).toEqual([6, 'RTMP intake dies again and again: no pushes for a minute']);
  await intake.close();
  taken.close();
  expect(zombies()).toEqual([]);
}, 90_000);
