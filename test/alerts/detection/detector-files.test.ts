import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../../src/cli/check.ts';
import { loadConfig } from '../../../src/config.ts';
import { ConfigError } from '../../../src/shared/config-error.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { writeTinyGraph } from '../../helpers/tiny-graph.ts';

const graph = {
  ...{ input: { shape: [1, 64, 64, 3] }, white: 255 },
  outputs: [{ name: 'detections', shape: [1, 1, 6], values: [16, 16, 32, 48, 0.75, 0] }],
};

/** A config directory with a model and a labels file beside `tianliang.yaml`. */
async function openSite(detector: string, labels = 'person\ndigger\n') {
  const dir = await tempDir();
  await writeTinyGraph(join(dir.path, 'models/good'), graph);
  await mkdir(join(dir.path, 'models'), { recursive: true });
  await writeFile(join(dir.path, 'models/labels.txt'), labels);
  await writeFile(join(dir.path, 'tianliang.yaml'), `detector:\n${detector}`);
  return dir;
}

/** What `tianliang check` says without its directory. */
async function said(dir: string): Promise<string> {
  const lines: string[] = [];
  const context = { configDir: dir, environment: {}, print: (line: string) => lines.push(line) };
  await check({
    ...context,
    dataDir: dir,
    words: [],
    options: {},
    lists: {},
    flags: {},
    port: undefined,
    host: undefined,
    signal: AbortSignal.timeout(9_000),
  }).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    lines.push(error.message);
  });
  return lines.join('\n').replaceAll(`${dir}/`, '').replaceAll(dir, 'config');
}

test('a model and labels beside the configuration are found, and everything about them may be said', async () => {
  await using dir = await openSite(
    '  { backend: auto, model: ./models/good/model.json, adapter: centernet, labels: models/labels.txt, size: 320, thresholds: { person: 0.5 } }',
  );
  expect(await said(dir.path)).toContain('config is valid');
  const { tianliang } = await loadConfig(dir.path, {});
  expect(tianliang.detector).toMatchObject({
    model: join(dir.path, 'models/good/model.json'),
    labels: join(dir.path, 'models/labels.txt'),
    thresholds: { person: 0.5 },
  });
});

test('a listed name and a URL are no paths', async () => {
  for (const model of ['nanodet', 'https://models.example/m/model.json']) {
    await using dir = await openSite(`  model: ${model}\n`);
    expect((await loadConfig(dir.path, {})).tianliang.detector.model).toBe(model);
  }
});

test.each([
  {
    name: 'a model that is not there',
    detector: '  workers: 1\n  model: models/none/model.json\n',
    says: /^tianliang\.yaml:3:10 detector\.model The detector's model .*none.* cannot be used: ENOENT/,
  },
  {
    name: 'a model that is another kind of file',
    detector: '  model: models/labels.txt\n',
    says: /^tianliang\.yaml:2:10 detector\.model .*cannot be used/,
  },
  {
    name: 'a model of faces',
    detector: '  model: models/faceres.json\n',
    says: /^tianliang\.yaml:2:10 detector\.model A model that tells "faceres\.json" is refused/,
  },
  {
    name: 'labels that are not there',
    detector: '  labels: models/none.txt\n',
    says: /^models\/none\.txt:1:1 cannot be read/,
  },
  { name: 'a threshold over one', detector: '  thresholds: { person: 3 }\n', says: /^tianliang\.yaml:2:25 / },
  { name: 'a hash that is none', detector: '  sha256: abc\n', says: /^tianliang\.yaml:2:11 / },
  { name: 'an unknown adapter', detector: '  adapter: magic\n', says: /^tianliang\.yaml:2:12 / },
])('check names $name by file, line and column', async ({ detector, says }) => {
  await using dir = await openSite(detector);
  expect(await said(dir.path)).toMatch(says);
});

test('labels that tell who somebody is are named by their line', async () => {
  await using dir = await openSite('  labels: models/labels.txt\n', 'person\nnumber plate\n');
  expect(await said(dir.path)).toMatch(/^models\/labels\.txt:2:1 names what identifies/);
});

test('what a camera looks for is checked against the labels of a model of one’s own', async () => {
  await using dir = await openSite('  { model: ./models/good/model.json, labels: models/labels.txt }\n');
  const camera = (objects: string) =>
    `cameras:\n  - id: a\n    source: rtsp://10.0.0.1/\n    detect: { objects: [${objects}] }\n`;
  await writeFile(join(dir.path, 'cameras.yaml'), camera('digger'));
  expect(await said(dir.path)).toContain('config is valid');
  await writeFile(join(dir.path, 'cameras.yaml'), camera('dagger'));
  expect(await said(dir.path)).toMatch(/cameras\.yaml:4:\d+ .*objects/);
});
