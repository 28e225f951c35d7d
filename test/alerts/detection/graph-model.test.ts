import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BackendUnusable, IdentityModelRefused, ModelUnusable } from '../../../src/alerts/detection/detector-errors.ts';
import { openGraphModel } from '../../../src/alerts/detection/graph-model.ts';
import { cocoLabels, refuseIdentity, refuseIdentityFile } from '../../../src/alerts/detection/labels.ts';
import { fitInto } from '../../../src/alerts/detection/letterbox.ts';
import type { Sighting } from '../../../src/alerts/detection/model.ts';
import { rowsAdapter } from '../../../src/alerts/detection/models/rows-adapter.ts';
import { sightingsOf } from '../../../src/alerts/detection/sightings.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { type TinyGraph, writeTinyGraph } from '../../helpers/tiny-graph.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const room = { width: 512, height: 512 };
const fit = fitInto(room, room);
const options = { labels: cocoLabels, minScore: 0.3 };
const person = [0, 0, 256, 512, 0.5, 0];
const rowModel = {
  inputs: [{ name: 'images', shape: [1, 512, 512, 3], dtype: 'float32' }],
  outputs: [{ name: 'detections', shape: [1, 2, 6], dtype: 'float32' }],
};

async function temporary(): Promise<string> {
  const dir = await tempDir();
  onTestFinished(() => dir[Symbol.asyncDispose]());
  return dir.path;
}

test.each([
  { name: 'a score that is no number', row: [0, 0, 256, 512, Number.NaN, 0] },
  { name: 'a score over one', row: [0, 0, 256, 512, 7, 0] },
  { name: 'a corner that is no number', row: [Number.NaN, 0, 256, 512, 0.9, 0] },
  { name: 'a corner without end', row: [0, 0, Number.POSITIVE_INFINITY, 512, 0.9, 0] },
  { name: 'a class no rule uses', row: [0, 0, 256, 512, 0.9, 9] },
  { name: 'a poor score', row: [0, 0, 256, 512, 0.29, 0] },
])('rows with $name are left out, the others stay', ({ row }) => {
  const found =
    rowsAdapter(rowModel)?.find([{ shape: [1, 2, 6], data: [...row, ...person] }], { minScore: 0.3, room }) ?? [];
  expect(sightingsOf(found, fit, { ...options, thresholds: {} })).toEqual([
    { label: 'person', score: 0.5, box: { x: 0, y: 0, width: 0.5, height: 1 } },
  ]);
});

test('a label with a limit of its own carries it, and is told from a quarter of it on', () => {
  const found = [0.1, 0.5].map((score) => ({ corners: [0, 0, 256, 512] as const, score, kind: 0 }));
  const told = sightingsOf(found, fit, { labels: cocoLabels, minScore: 0.05, thresholds: { person: 0.6 } });
  expect(told).toMatchObject([{ score: 0.5, limit: 0.6 }]);
});

test.each(['face', 'license_plate', 'number plate', 'person_id', 'identity', '车牌'])(
  'a model that tells "%s" is refused before it is read',
  async (label) => {
    const labels = new Map([[0, label]]);
    await expect(openGraphModel({ path: '/nowhere.json', labels, minScore: 0.3 })).rejects.toThrow(
      IdentityModelRefused,
    );
  },
);

test('what rules use identifies nobody', () => {
  expect(() => refuseIdentity(cocoLabels.values())).not.toThrow();
});

test.each([
  { name: 'missing', content: undefined },
  { name: 'no JSON', content: 'PK' },
  { name: 'no model', content: '{"hello":1}' },
  { name: 'without its weights', content: '{"modelTopology":{},"weightsManifest":[{"paths":["x.bin"],"weights":[]}]}' },
])('a model that is $name is an error with its path', async ({ content }) => {
  const path = join(await temporary(), 'model.json');
  if (content !== undefined) await writeFile(path, content);
  const opening = openGraphModel({ path, ...options });
  await expect(opening).rejects.toThrow(ModelUnusable);
  await expect(opening).rejects.toThrow(path);
});

const roundedBox = (sighting?: Sighting) =>
  Object.fromEntries(Object.entries(sighting?.box ?? {}).map(([side, value]) => [side, Math.round(value * 100) / 100]));

/** White all over. */
const white = (width: number, height: number) => greyPicture(width, height, 255);
const square = [1, 64, 64, 3];
const box = { x: 0.25, y: 0.25, width: 0.25, height: 0.5 };

const graphs: Readonly<Record<'centernet' | 'ssd' | 'yolo', TinyGraph>> = {
  centernet: {
    ...{ input: { shape: square }, white: 255 },
    outputs: [{ name: 'detections', shape: [1, 1, 6], values: [16, 16, 32, 48, 0.75, 0] }],
  },
  ssd: {
    ...{ input: { shape: [1, -1, -1, 3], dtype: 'DT_INT32' }, white: 255 },
    outputs: [
      { name: 'scores', shape: [1, 1, 90], values: [0.75, ...Array(89).fill(0)] },
      { name: 'boxes', shape: [1, 1, 1, 4], values: [0.25, 0.25, 0.75, 0.5] },
    ],
  },
  yolo: {
    ...{ input: { shape: [1, 3, 64, 64] }, white: 1 },
    outputs: [{ name: 'output0', shape: [1, 84, 1], values: [0.375, 0.5, 0.25, 0.5, 0.75, ...Array(79).fill(0)] }],
  },
};

test.each(['centernet', 'ssd', 'yolo'] as const)('a graph of the form of %s is run by TensorFlow.js', async (name) => {
  const path = await writeTinyGraph(await temporary(), graphs[name]);
  const detector = await openGraphModel({ path, minScore: 0.3 });
  expect(detector.facts).toMatchObject({ backend: 'wasm', adapter: name });
  const [seen, ...more] = await detector.detect(white(200, 200));
  expect(more).toEqual([]);
  expect(seen).toMatchObject({ label: 'person', score: expect.closeTo(0.75, 1) });
  expect(roundedBox(seen)).toEqual(box);
  expect(await detector.detect(greyPicture(200, 200, 0))).toEqual([]);
  const region = { x: 0, y: 0.5, width: 0.5, height: 0.5 };
  const [cut] = await detector.detect(white(200, 200), [region]);
  expect(roundedBox(cut)).toEqual({ x: 0.13, y: 0.63, width: 0.13, height: 0.25 });
});

test('a model that answers what are no numbers fails, and does not say that nobody is there', async () => {
  const values = Array(12).fill(Number.NaN);
  const graph = { ...graphs.centernet, outputs: [{ name: 'detections', shape: [1, 2, 6], values }] };
  const detector = await openGraphModel({ path: await writeTinyGraph(await temporary(), graph), minScore: 0.3 });
  await expect(detector.detect(white(64, 64))).rejects.toThrow('no numbers');
});

test('a model of an unknown form is refused with what it looks like', async () => {
  const graph: TinyGraph = {
    ...{ input: { shape: square }, white: 255 },
    outputs: [{ name: 'landmarks', shape: [1, 5], values: [1, 2, 3, 4, 5] }],
  };
  const path = await writeTinyGraph(await temporary(), graph);
  await expect(openGraphModel({ path, minScore: 0.3 })).rejects.toThrow('landmarks [1, 5]');
});

test('what a model says of itself may not identify anybody', async () => {
  const { centernet } = graphs;
  const told = await writeTinyGraph(await temporary(), { ...centernet, metadata: { labels: ['person', 'face'] } });
  await expect(openGraphModel({ path: told, minScore: 0.3 })).rejects.toThrow(IdentityModelRefused);
  const outputs = [...centernet.outputs, { name: 'embeddings', shape: [1, 2], values: [1, 2] }];
  const answered = await writeTinyGraph(await temporary(), { ...centernet, outputs });
  await expect(openGraphModel({ path: answered, minScore: 0.3 })).rejects.toThrow(IdentityModelRefused);
});

test.each(['blazeface.json', '/models/faceres.json', 'plate.json', 'lpr-v2.json', 'person-reid.json', 'gender.json'])(
  'a model called %s is refused by its name',
  (path) => {
    expect(() => refuseIdentityFile(path)).toThrow(IdentityModelRefused);
  },
);

test.each(['centernet.json', 'nanodet.json', 'template.json', '/faces/yolov8n/model.json'])(
  'a model called %s is not',
  (path) => {
    expect(() => refuseIdentityFile(path)).not.toThrow();
  },
);

test('a backend that is asked for and not installed is named, and auto does without', async () => {
  const path = await writeTinyGraph(await temporary(), graphs.centernet);
  await expect(openGraphModel({ path, backend: 'node', minScore: 0.3 })).rejects.toThrow(BackendUnusable);
  await expect(openGraphModel({ path, backend: 'node', minScore: 0.3 })).rejects.toThrow('backend: auto');
  expect((await openGraphModel({ path, backend: 'auto', minScore: 0.3 })).facts.backend).toBe('wasm');
});
