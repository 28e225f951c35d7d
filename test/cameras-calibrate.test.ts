import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from '../src/cli/arguments.ts';
import { camerasCalibrate } from '../src/cli/cameras-calibrate.ts';
import { loadConfig } from '../src/config.ts';
import { marksOf, type Pinhole, pairAt, pole } from './gis/pinhole-camera.ts';
import { tempDir } from './helpers/temp-dir.ts';

const northEast: Pinhole = { ...pole, bearing: (44 * Math.PI) / 180 };
const pairs = marksOf(northEast, 8).map((spot) => pairAt(northEast, spot));
const written = pairs.map(({ pixel: [x, y], lat, lon }) => `${x},${y}=${lat},${lon}`);
const entry = 'cameras:\n  - id: c1\n    source: rtsp://10.0.0.1/1\n    position: { lat: 27.3, lon: 105.29 }\n';

async function run(argv: readonly string[], { cameras = entry, file = '' } = {}) {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), cameras);
  await writeFile(join(dir.path, 'pairs.txt'), file);
  const { words, options, lists, flags } = readArguments(argv.map((word) => word.replace('DIR', dir.path)));
  const lines: string[] = [];
  const code = await camerasCalibrate({
    configDir: dir.path,
    dataDir: dir.path,
    port: undefined,
    host: undefined,
    words,
    options,
    lists,
    flags,
    environment: {},
    print: (line) => lines.push(line),
    signal: AbortSignal.timeout(10_000),
  });
  return { code, lines, text: lines.join('\n') };
}

const given = (texts: readonly string[]) => texts.flatMap((text) => ['--pair', text]);

test('pairs are checked, their errors told, and what is printed can be pasted', async () => {
  const { code, lines, text } = await run(['c1', ...given(written)]);
  expect(code).toBe(0);
  expect(lines.filter((line) => / 0\.\d\d m$/.test(line))).toHaveLength(9);
  expect(text).toMatch(/^the worst is pair \d: 0\.\d\d m$/m);
  const errors = [50, 100, 200].map((meters) => Number(new RegExp(`at +${meters} m  ±([\\d.]+) m`).exec(text)?.[1]));
  expect(errors.toSorted((a, b) => a - b)).toEqual(errors);
  expect(errors[1]).toBeLessThan(5);
  const yaml = lines.slice(lines.indexOf('view:')).map((line) => `    ${line}`);
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), `${entry}${yaml.join('\n')}\n`);
  const view = (await loadConfig(dir.path, {})).cameras[0]?.view;
  expect(view?.calibration).toHaveLength(8);
  expect([view?.bearing, view?.angle]).toEqual([44, 62]);
});

test('a pair some metres off is named, though it pulls others off by more', async () => {
  const [x, y] = pairs[5]?.pixel ?? [0, 0];
  const off = written.with(5, `${x},${y + 0.02}=${pairs[5]?.lat},${pairs[5]?.lon}`);
  const { code, text } = await run(['c1', ...given(off)]);
  expect([code, text.match(/the worst is pair (\d)/)?.[1]]).toEqual([0, '8']);
  expect(text).toMatch(/^without pair 6 the others agree to 0\.0/m);
});

test('a pair quite elsewhere is refused by its number', async () => {
  const { code, lines } = await run(['c1', ...given(written.with(3, '0.7,0.7=27.3003,105.2903'))]);
  expect([code, lines]).toEqual([
    1,
    [expect.stringMatching('^c1: '), expect.stringMatching(/without pair 4 .* 0\.\d\d m/)],
  ]);
});

test('pairs come from a file as well, in pixels of any picture', async () => {
  const file = ['# marks of the shoulder', ...pairs.map(inPixels), ''].join('\n');
  const { code, text } = await run(['c1', '--file', 'DIR/pairs.txt', '--size', '1280x720'], { file });
  expect(code).toBe(0);
  expect(text).toMatch(/^the worst is pair \d: 0\.\d\d m$/m);
});

test('without pairs those of the camera are checked', async () => {
  const calibration = pairs.map(({ pixel, lat, lon }) => `        - { pixel: [${pixel}], lat: ${lat}, lon: ${lon} }`);
  const view = [
    '    view:',
    '      bearing: 40',
    '      angle: 60',
    '      range: 300',
    '      calibration:',
    ...calibration,
  ];
  const { code, text } = await run(['c1'], { cameras: `${entry}${view.join('\n')}\n` });
  expect(code).toBe(0);
  expect(text).toContain('bearing: 40');
  expect((await run(['c1'])).lines).toEqual(['c1: expected at least 4 pairs, not 0']);
});

test('four pairs are called few', async () => {
  expect((await run(['c1', ...given(written.slice(0, 4))])).text).toContain('4 pairs hardly show a wrong one');
});

test('a set no camera sees so ends with exit code 1 and the reason', async () => {
  const line = [20, 40, 60, 90].map((ahead) => pairAt(northEast, [ahead, 3]));
  const texts = line.map(({ pixel: [x, y], lat, lon }) => `${x},${y}=${lat},${lon}`);
  const { code, lines } = await run(['c1', ...given(texts)]);
  expect([code, lines]).toEqual([1, [expect.stringMatching(/^c1: .*on one line/)]]);
});

test.each([
  [[], 'expects the ID'],
  [['other'], 'no camera other'],
  [['c1', '--pair', '0.5;0.5'], 'pair 1 is not x,y=lat,lon'],
  [['c1', '--pair', '640,360=27.3,105.29'], 'pair 1: pixel.0 expected a part of the picture from 0 to 1'],
  [['c1', '--pair', '0.5,0.5=105.29,27.3'], 'pair 1: lat expected a number from -90 to 90'],
  [['c1', '--datum', 'gcj', '--pair', '0.5,0.5=27.3,105.29'], 'pair 1: datum expected one of'],
  [['c1', '--size', 'large', '--pair', '0.5,0.5=27.3,105.29'], '--size expects'],
  [['c1', '--file', 'DIR/none.txt'], 'cannot be read'],
])('%j is refused', async (argv, message) => {
  await expect(run(argv)).rejects.toThrow(message);
});

function inPixels({ pixel: [x, y], lat, lon }: (typeof pairs)[number]): string {
  return `${x * 1_280}, ${y * 720} = ${lat}, ${lon}`;
}
