import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { type CameraTest, faultsOf, untested, withLook } from '../../../src/streams/self-test/camera-test.ts';
import { lumaOfYuv } from '../../../src/streams/self-test/luma-picture.ts';
import { factsOf, type PictureFacts } from '../../../src/streams/self-test/picture-facts.ts';
import { rulesFor, SelfTestConfig } from '../../../src/streams/self-test/self-test-config.ts';
import { filled } from '../../helpers/filled.ts';
import { root } from '../../helpers/program.ts';

const size = { width: 640, height: 360 };
const rules = rulesFor(filled(SelfTestConfig), undefined) ?? expect.unreachable();

/** Ten seconds of a clip of the demo through a filter, a look each second. */
async function looksAt(clip: string, filter: string): Promise<PictureFacts[]> {
  const pictures = `${filter},scale=${size.width}:${size.height},fps=1`;
  const args = ['-loglevel', 'error', '-i', join(root, 'demo/clips', clip), '-t', '10', '-vf', pictures];
  const output = ['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'];
  const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await promisify(execFile)('ffmpeg', [...args, ...output], options);
  const bytes = size.width * size.height * 1.5;
  return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, index) =>
    factsOf(lumaOfYuv({ ...size, yuv: new Uint8Array(stdout.subarray(index * bytes, (index + 1) * bytes)) })),
  );
}

/** So many looks more, one each 20 s. */
function watched(test: CameraTest, facts: readonly PictureFacts[], looks: number): CameraTest {
  const from = test.lookedMs ?? Date.UTC(2026, 5, 1, 4);
  return Array.from({ length: looks }).reduce<CameraTest>((before, _, index) => {
    const seen = facts[index % facts.length] ?? expect.unreachable();
    const at = from + (index + 1) * 20_000;
    return withLook(before, { facts: seen, at, light: 'day', visibility: undefined }, rules);
  }, test);
}

let known: CameraTest;
beforeAll(async () => {
  known = watched(untested, await looksAt('traffic.mp4', 'null'), 30);
});

/** A letter that stands here in one second and there in the next. */
const letter = (x: number, when: string) =>
  `drawbox=x=${x}:y=12:w=40:h=18:color=white:t=fill:enable='${when}(mod(t,2),1)'`;
const written = `${letter(24, 'lt')},${letter(64, 'gte')}`;

test.each([
  ['as it was', 'null', undefined],
  ['darker and paler', 'eq=brightness=-0.15:contrast=0.7', undefined],
  ['with the noise of a poor sensor', 'noise=alls=18:allf=t', undefined],
  ['with a truck before a quarter of it', 'drawbox=x=iw*0.3:y=ih*0.35:w=iw*0.3:h=ih*0.6:color=gray:t=fill', undefined],
  ['black', 'eq=brightness=-1', 'black'],
  ['black under a clock', `eq=brightness=-1,${written}`, 'black'],
  ['out of focus', 'boxblur=8', 'blurred'],
  ['wiped over', 'boxblur=16', 'blurred'],
  ['covered', 'drawbox=color=gray:t=fill', 'covered'],
  ['covered for the most part', 'drawbox=x=iw*0.3:w=iw:h=ih:color=gray:t=fill', 'covered'],
  ['pushed aside', 'crop=iw*0.8:ih*0.8:iw*0.2:0', 'moved'],
  ['turned', 'rotate=0.12', 'moved'],
])('a road %s', async (_, filter, fault) => {
  const test = watched(known, await looksAt('traffic.mp4', filter), 30);
  expect(faultsOf(test).map(({ kind }) => kind)).toEqual(fault ? [fault] : []);
});

test('another road is another view', async () => {
  const test = watched(known, await looksAt('curve.mp4', 'null'), 20);
  expect(faultsOf(test).map(({ kind }) => kind)).toEqual(['moved']);
});

test('a frozen road is found out under its clock and in noise', async () => {
  const still = `trim=end_frame=1,loop=-1:1:0,setpts=N/25/TB,noise=alls=14:allf=t,${written}`;
  const test = watched(known, await looksAt('traffic.mp4', still), 55);
  expect(faultsOf(test).map(({ kind }) => kind)).toEqual(['frozen']);
});
