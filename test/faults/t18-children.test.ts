import { expect, test } from 'vitest';
import { descendantsOf, isRunning } from '../helpers/processes.ts';
import { Program, root } from '../helpers/program.ts';
import { makeClip } from '../streams/clips.ts';
import { camera, play, startSources } from '../streams/sources/playing.ts';

const rounds = 20;
const ffmpegs = () => descendantsOf(process.pid).filter(({ name }) => name === 'ffmpeg');

test('T18: killed again and again, the server leaves no child behind', async () => {
  const clip = await makeClip({ size: '320x240', slices: 1 });
  const slowest: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await using program = new Program([`${root}/test/streams/sources/sources-process.ts`, clip]);
    await program.said(/all play/, 60_000);
    const children = descendantsOf(program.pid);
    expect(children.length).toBeGreaterThanOrEqual(4);
    const killedAt = performance.now();
    program.kill('SIGKILL');
    await expect.poll(() => children.filter(isRunning), { timeout: 2_000, interval: 5 }).toEqual([]);
    slowest.push(performance.now() - killedAt);
  }
  console.log(`T18: ${rounds} kills, the last child gone after ${Math.max(...slowest).toFixed(0)} ms at most`);
});

test('T18: an ffmpeg that hangs is replaced within its deadlines, and pictures are back', async () => {
  const clip = camera(`file:${await makeClip({ size: '320x240', slices: 1 })}`);
  await using house = startSources([clip]);
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await using played = play(house.sources, clip);
    await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [hung] = ffmpegs();
    process.kill(hung?.pid ?? 0, 'SIGSTOP');
    const stoppedAt = performance.now();
    expect(await played.ended).toMatchObject({ failure: 'no_packets' });
    times.push(performance.now() - stoppedAt);
    expect(hung && isRunning(hung)).toBe(false);
    expect(descendantsOf(process.pid).filter(({ state }) => state === 'Z')).toEqual([]);
  }
  console.log(
    `T18: a hung ffmpeg was gone after ${Math.max(...times).toFixed(0)} ms at most (5 s of silence, 5 s of grace)`,
  );
});
