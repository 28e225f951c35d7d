import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sensorRulesOf } from '../src/alerts/config.ts';
import { rulesOf } from '../src/alerts/detection/camera-rules.ts';
import { SensorRules } from '../src/alerts/rules/sensor-rules.ts';
import { loadConfig } from '../src/config.ts';
import { watchedCameras } from '../src/placing.ts';
import { RunningConfig } from '../src/running-config.ts';
import type { Log } from '../src/shared/log.ts';
import { silentLog } from '../src/shared/log.ts';
import { tempDir } from './helpers/temp-dir.ts';

const place = { id: 'ws06', name: '气象站 6', position: { lat: 27.3, lon: 105.29 } };
const times = { dwellMs: 0, clearMs: 10_000, graceMs: 2_500 };

/** A running configuration on real files, and what it makes of them: sensor rules, and rules of cameras. */
async function openSite(files: Readonly<Record<string, string>>) {
  const dir = await tempDir();
  const write = (name: string, text: string) => writeFile(join(dir.path, name), text);
  for (const [name, text] of Object.entries({ 'tianliang.yaml': '{}\n', ...files })) await write(name, text);
  const config = await loadConfig(dir.path, {});
  const rules = new SensorRules(sensorRulesOf(config.rules));
  const refused: string[] = [];
  const log = { ...silentLog, error: ({ issues }: { issues: string[] }) => refused.push(...issues) } as Log;
  const made = { cameras: watchedCameras(config.cameras, 1, (given) => given) };
  const running = new RunningConfig({
    config,
    read: () => loadConfig(dir.path, {}),
    begin: async () => async () => undefined,
    apply: async ({ cameras, rules: wanted }) => {
      rules.configure(sensorRulesOf(wanted));
      made.cameras = watchedCameras(cameras, 1, (given) => given);
    },
    log,
  });
  let seconds = 0;
  return {
    /** How bad it is held to be. */
    reading(values: Record<string, number>): string {
      seconds += 1;
      const [outcome] = rules.reading(place, { at: new Date(seconds * 1_000), values });
      return outcome?.type === 'observe' ? outcome.observation.severity : (outcome?.type ?? 'quiet');
    },
    /** What holds at the cameras. */
    cameraRules: () => made.cameras.flatMap((camera) => rulesOf(camera, times).map(({ key }) => key)),
    /** What is said of the edit: `file:line:column path message` of each mistake. */
    async edit(name: string, text: string): Promise<string[]> {
      refused.length = 0;
      await write(name, text);
      await running.reload();
      return refused.filter((line) => line.includes('.yaml:')).map((line) => line.trim().replace(`${dir.path}/`, ''));
    },
    health: () => running.health,
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

const fogBelow = (meters: number) => `rules:
  - id: visibility
    kind: low-visibility
    raise: [{ below: ${meters}, severity: major }]
    clear: 900
`;

test('an edit of rules.yaml holds from the next reading on, and a bad one leaves the former rule as it was', async () => {
  await using site = await openSite({ 'rules.yaml': fogBelow(100) });
  expect(site.reading({ visibility: 150 })).toBe('quiet');
  expect(await site.edit('rules.yaml', fogBelow(200))).toEqual([]);
  expect(site.reading({ visibility: 150 })).toBe('major');
  expect(await site.edit('rules.yaml', `${fogBelow(50)}    holdd: 3\n`)).toEqual([
    expect.stringMatching(/^rules\.yaml:6:5 rules\[0\]\.holdd unknown key; expected one of: .*hold/),
  ]);
  expect([site.health(), site.reading({ visibility: 150 })]).toEqual(['refused', 'major']);
  expect(await site.edit('rules.yaml', fogBelow(120))).toEqual([]);
  expect([site.health(), site.reading({ visibility: 110 })]).toEqual(['ok', 'major']);
});

test.each([
  ['clears where it raises', fogBelow(100).replace('900', '90'), /^rules\.yaml:5:\d+ rules\[0\]\.clear /],
  ['two of one id', `${fogBelow(100)}${fogBelow(50).slice('rules:\n'.length)}`, /^rules\.yaml:6:\d+ rules\[1\]\.id /],
  ['a kind nobody knows', fogBelow(100).replace('low-visibility', 'mist'), /^rules\.yaml:2:\d+ rules\[0\].* kind/],
  [
    'a limit that is a word',
    fogBelow(100).replace('below: 100', 'below: far'),
    /^rules\.yaml:4:\d+ rules\[0\]\.raise\[0\]\.below /,
  ],
  [
    'a severity nobody knows',
    fogBelow(100).replace('major', 'bad'),
    /^rules\.yaml:4:\d+ rules\[0\]\.raise\[0\]\.severity /,
  ],
  ['a tab', fogBelow(100).replace('    clear', '\tclear'), /^rules\.yaml:5:\d+ /],
] as const)('rules.yaml with %s is refused with its place', async (_, text, said) => {
  await using site = await openSite({ 'rules.yaml': fogBelow(100) });
  expect(await site.edit('rules.yaml', text)).toContainEqual(expect.stringMatching(said));
  expect([site.health(), site.reading({ visibility: 99 })]).toEqual(['refused', 'major']);
});

const cameraWith = (detect: string) => `cameras:
  - id: a
    source: rtsp://10.0.0.1/
    position: { lat: 27.3, lon: 105.29 }
    detect:
${detect}`;
const zone = '      zones: [{ id: lane, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }]\n';
const line = (points: string) => `      lines: [{ id: edge, points: ${points} }]\n`;

test('an edit of a zone or a line holds at once, and a bad one leaves those that are', async () => {
  await using site = await openSite({ 'cameras.yaml': cameraWith(zone) });
  expect(site.cameraRules()).toEqual(['person:a:lane']);
  expect(await site.edit('cameras.yaml', cameraWith(zone + line('[[0, 0.5], [1, 0.5]]')))).toEqual([]);
  expect(site.cameraRules()).toEqual(['person:a:lane', 'crossing:a:edge']);
  expect(await site.edit('cameras.yaml', cameraWith(line('[[0, 0.5]]')))).toEqual([
    expect.stringMatching(/^cameras\.yaml:6:35 cameras\[0\]\.detect\.lines\[0\]\.points .*at least 2 points/),
  ]);
  expect(site.cameraRules()).toEqual(['person:a:lane', 'crossing:a:edge']);
});
