import process from 'node:process';
import { expect, test } from 'vitest';
import { bridge, ffmpegs, startCameras, Viewer, wait } from '../streams/transcode/transcoding-house.ts';

/** How long after an event the next picture comes that was not underway then. */
async function gapAfter(viewer: Viewer, act: () => void): Promise<number> {
  act();
  const [at, seen] = [performance.now(), viewer.pictures.length];
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(seen + 10);
  const after = [at, ...viewer.times.filter((time) => time > at)];
  return Math.max(...after.slice(1).map((time, index) => time - (after[index] ?? time)));
}

test('T18: a killed transcoder is followed by another within 2 s, a hung one within 10 s', async () => {
  await using house = await startCameras({ bridge });
  const viewer = new Viewer();
  house.streams.open({ camera: 'bridge', codec: 'h264' }, viewer);
  await expect.poll(() => viewer.pictures.length, wait).toBeGreaterThan(30);
  const added = house.streams.transcoded()[0]?.latencyMs;
  const signal = (name: NodeJS.Signals) => () => process.kill(ffmpegs()[0]?.pid ?? 0, name);
  const killed = await gapAfter(viewer, signal('SIGKILL'));
  const hung = await gapAfter(viewer, signal('SIGSTOP'));
  console.log(
    `T18 transcoder: adds ${added} ms, ${killed.toFixed(0)} ms without a picture after KILL, ${hung.toFixed(0)} ms after STOP`,
  );
  expect(killed).toBeLessThan(2_000);
  expect(hung).toBeLessThan(10_000);
  expect(ffmpegs()).toHaveLength(1);
});
