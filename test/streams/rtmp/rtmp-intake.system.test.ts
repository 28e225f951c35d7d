import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkValue } from '../../../src/shared/check-value.ts';
import type { FlvTag } from '../../../src/streams/flv/flv-tag-reader.ts';
import { RtmpConfig } from '../../../src/streams/rtmp/rtmp-config.ts';
import type { RtmpIntake } from '../../../src/streams/rtmp/rtmp-intake.ts';
import { makeClip } from '../clips.ts';
import { key, listening, push, startIntake } from './pusher.ts';

/** All that is heard for a camera. */
function record(intake: RtmpIntake, camera = 'drone-1') {
  const heard = { began: 0, ended: 0, lost: 0, tags: [] as FlvTag[] };
  const stop = intake.listen(camera, {
    began: () => {
      heard.began += 1;
    },
    ended: () => {
      heard.ended += 1;
    },
    lost: () => {
      heard.lost += 1;
    },
    tag: (tag) => heard.tags.push(tag),
  });
  return { heard, stop };
}

const isKey = ({ type, body }: FlvTag) => type === 9 && (body[0] ?? 0) >> 4 === 1 && body[1] === 1;

test('a push with the right key is handed on from its headers and a key picture, and its end is told', async () => {
  await using house = await startIntake();
  const { heard } = record(house.intake);
  const pusher = push(await makeClip(), `rtmp://127.0.0.1:${house.port}/live/drone-1?key=${key}`);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(30);
  expect([heard.began, heard.lost]).toEqual([1, 1]);
  const video = heard.tags.filter(({ type }) => type === 9);
  expect(video[0]?.body.subarray(0, 2).toString('hex')).toBe('1700');
  expect(video[1] && isKey(video[1])).toBe(true);
  await pusher[Symbol.asyncDispose]();
  await expect.poll(() => heard.ended, { timeout: 10_000 }).toBe(1);
});

test.each([
  ['a wrong key', '/live/drone-1?key=canary-secret-of-drone-2'],
  ['no key', '/live/drone-1'],
  ['two keys', `/live/drone-1?key=${key}&key=${key}`],
  ['the key of another camera’s path', `/live/drone-2?key=${key}`],
  ['another application', `/app/drone-1?key=${key}`],
])('with %s the publisher is cut off and not one byte of it is handed on', async (_, path) => {
  await using house = await startIntake();
  const { heard } = record(house.intake);
  const other = record(house.intake, 'drone-2');
  await using pusher = push(await makeClip(), `rtmp://127.0.0.1:${house.port}${path}`);
  expect(await pusher.ended).not.toBe(0);
  await using right = push(await makeClip(), `rtmp://127.0.0.1:${house.port}/live/drone-1?key=${key}`);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect([heard.began, other.heard.began, other.heard.tags.length, right.child.exitCode]).toEqual([1, 0, 0, null]);
});

test('while one pushes, a second publisher of the same camera is refused and the first goes on', async () => {
  await using house = await startIntake();
  const { heard } = record(house.intake);
  const url = `rtmp://127.0.0.1:${house.port}/live/drone-1?key=${key}`;
  await using first = push(await makeClip(), url);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(10);
  await using second = push(await makeClip(), url);
  expect(await second.ended).not.toBe(0);
  const before = heard.tags.length;
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(before + 10);
  expect([heard.began, heard.ended, first.child.exitCode]).toEqual([1, 0, null]);
});

test('killed, the process is back within 2 s and counted; a device that pushes again is seen again', async () => {
  await using house = await startIntake();
  const { intake } = house;
  const { heard } = record(intake);
  await using _ = push(await makeClip(), `rtmp://127.0.0.1:${house.port}/live/drone-1?key=${key}`);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const before = intake.pid ?? 0;
  process.kill(before, 'SIGKILL');
  const killedAt = performance.now();
  await expect.poll(() => intake.state.phase, { interval: 5 }).not.toBe('listening');
  const port = await listening(intake);
  const tookMs = performance.now() - killedAt;
  expect([intake.restarts, heard.ended, intake.pid === before]).toEqual([1, 1, false]);
  expect(tookMs).toBeLessThan(2_000);
  const seen = heard.tags.length;
  await using again = push(await makeClip(), `rtmp://127.0.0.1:${port}/live/drone-1?key=${key}`);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(seen);
  expect([heard.began, again.child.exitCode]).toEqual([2, null]);
});

test('by default nobody but this machine can reach the port', async () => {
  const checked = checkValue(RtmpConfig, {});
  expect(checked.ok && checked.value).toEqual({ host: '127.0.0.1', port: 1_935 });
  await using house = await startIntake();
  const port = house.port.toString(16).toUpperCase().padStart(4, '0');
  const bound = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, local = '', , state] = line.trim().split(/\s+/);
        return state === '0A' && local.endsWith(`:${port}`) ? [local] : [];
      }),
  );
  expect(bound).toEqual([`0100007F:${port}`]);
});

test('no key stands on a command line or in the environment of the process', async () => {
  await using house = await startIntake();
  const { pid } = house.intake;
  const seen = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
  expect(seen.join()).not.toContain(key);
});

test('a camera that may no longer push is cut off; when none may, nothing listens', async () => {
  await using house = await startIntake(['drone-1', 'drone-2']);
  const { heard } = record(house.intake);
  await using pusher = push(await makeClip(), `rtmp://127.0.0.1:${house.port}/live/drone-1?key=${key}`);
  await expect.poll(() => heard.tags.length, { timeout: 20_000 }).toBeGreaterThan(0);
  house.intake.allow([{ camera: 'drone-2', key }]);
  await expect.poll(() => heard.ended, { timeout: 10_000 }).toBe(1);
  expect(await pusher.ended).not.toBe(0);
  house.intake.allow([]);
  await expect.poll(() => house.intake.state.phase, { timeout: 10_000 }).toBe('idle');
  expect(house.intake.pid).toBeUndefined();
});
