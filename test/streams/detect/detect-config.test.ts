import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const square = '[[0, 0], [1, 0], [1, 1], [0, 1]]';

/** `detect:` of the one camera of a site, each line given without its indent; the first stands at line 5. */
async function load(detect: string, tianliang = '{}') {
  await using dir = await tempDir();
  const lines = detect.split('\n').map((line) => `      ${line}`);
  const camera = ['cameras:', '  - id: a', '    source: rtsp://10.0.0.1/', '    detect:', ...lines];
  await writeFile(join(dir.path, 'cameras.yaml'), camera.join('\n'));
  await writeFile(join(dir.path, 'tianliang.yaml'), tianliang);
  return await loadConfig(dir.path, {});
}

/** `line:column path message` of each issue. */
async function issuesOf(detect: string, tianliang?: string): Promise<string[]> {
  const error = await load(detect, tianliang).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) return [];
  return [...error.message.matchAll(/cameras\.yaml:(\d+:\d+)\s+(.*)/g)].map(([, at, rest]) => `${at} ${rest}`);
}

test('a zone of before means what it meant, a zone and a line of now say more', async () => {
  const { cameras } = await load(`zones:
  - { id: old, polygon: ${square} }
  - id: lane-1
    polygon: ${square}
    rule: wrong-way
    direction: [[0.5, 0], [0.5, 1]]
    objects: [vehicle]
    minSize: 0.05
    cooldown: 60
    schedule: { when: night, weekdays: [sat, sun], hours: [22:00-06:00], timezone: Asia/Shanghai }
lines:
  - { id: edge, points: [[0, 0.5], [1, 0.5]], direction: right }`);
  expect(cameras[0]?.detect).toMatchObject({
    every: 0.5,
    objects: ['person'],
    zones: [
      { id: 'old', dwell: 0, road: true },
      {
        id: 'lane-1',
        rule: 'wrong-way',
        objects: ['vehicle'],
        schedule: { when: 'night', weekdays: ['sat', 'sun'], hours: ['22:00-06:00'] },
      },
    ],
    lines: [{ id: 'edge', direction: 'right' }],
  });
  expect(cameras[0]?.detect?.zones[1]).not.toHaveProperty('dwell');
});

test.each<{ name: string; detect: string; issue: RegExp }>([
  {
    name: 'a polygon that crosses itself',
    detect: 'zones:\n  - { id: z, polygon: [[0, 0], [1, 1], [1, 0], [0, 1]] }',
    issue: /^6:29 .*zones\[0\]\.polygon.* edges that do not cross/,
  },
  {
    name: 'a polygon without area',
    detect: 'masks: [[[0, 0], [0.5, 0.5], [1, 1]]]',
    issue: /^5:15 .*masks\[0\].* on one line/,
  },
  {
    name: 'a line of one point',
    detect: 'lines:\n  - { id: l, points: [[0, 0.5]] }',
    issue: /^6:28 .*lines\[0\]\.points.* at least 2 points/,
  },
  {
    name: 'a line of one point twice',
    detect: 'lines:\n  - { id: l, points: [[0, 0.5], [0, 0.5]] }',
    issue: /^6:28 .*lines\[0\]\.points.* two points apart/,
  },
  {
    name: 'an object nobody knows',
    detect: 'objects: [person, unicorn]',
    issue: /^5:25 .*objects\[1\].* one of: person, /,
  },
  {
    name: 'an object of a zone nobody knows',
    detect: `zones:\n  - { id: z, polygon: ${square}, objects: [persons] }`,
    issue: /^6:\d+ .*zones\[0\]\.objects\[0\].* the model knows/,
  },
  {
    name: 'a wrong way without a way',
    detect: `zones:\n  - { id: z, polygon: ${square}, rule: wrong-way }`,
    issue: /^6:\d+ .*direction.* missing; rule: wrong-way needs/,
  },
  {
    name: 'a line against the traffic without a side',
    detect: 'lines:\n  - { id: l, points: [[0, 0.5], [1, 0.5]], rule: wrong-way }',
    issue: /^6:\d+ .*direction.* left or right/,
  },
  {
    name: 'a count that nobody counts to',
    detect: `zones:\n  - { id: z, polygon: ${square}, count: 5 }`,
    issue: /^6:\d+ .*count.* only with rule: crowd/,
  },
  {
    name: 'hours that are none',
    detect: `zones:\n  - { id: z, polygon: ${square}, schedule: { hours: [22-6] } }`,
    issue: /^6:\d+ .*hours\[0\].* hours like 22:00-06:00/,
  },
  {
    name: 'a time zone that is none',
    detect: `zones:\n  - { id: z, polygon: ${square}, schedule: { timezone: Asia/Nowhere } }`,
    issue: /^6:\d+ .*timezone.* IANA/,
  },
  {
    name: 'an id twice',
    detect: `zones:\n  - { id: z, polygon: ${square} }\n  - { id: z, polygon: ${square} }`,
    issue: /^7:\d+ .*zones\[1\]\.id.* no other/,
  },
])('$name is refused with its place', async ({ detect, issue }) => {
  expect(await issuesOf(detect)).toEqual([expect.stringMatching(issue)]);
});

test("a model of one's own names its objects itself", async () => {
  expect(await issuesOf('objects: [tyre]', 'detector: { model: /models/tyres/model.json }')).toEqual([]);
});
