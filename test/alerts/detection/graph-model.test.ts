import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { IdentityModelRefused, ModelUnusable } from '../../../src/alerts/detection/detector-errors.ts';
import { openGraphModel, sightingsOf } from '../../../src/alerts/detection/graph-model.ts';
import { cocoLabels, refuseIdentity } from '../../../src/alerts/detection/labels.ts';
import { fitInto } from '../../../src/alerts/detection/letterbox.ts';

const fit = fitInto({ width: 512, height: 512 }, 512);
const options = { labels: cocoLabels, minScore: 0.3 };
const person = [0, 0, 256, 512, 0.5, 0];

test.each([
  { name: 'a score that is no number', row: [0, 0, 256, 512, Number.NaN, 0] },
  { name: 'a score over one', row: [0, 0, 256, 512, 7, 0] },
  { name: 'a corner that is no number', row: [Number.NaN, 0, 256, 512, 0.9, 0] },
  { name: 'a corner without end', row: [0, 0, Number.POSITIVE_INFINITY, 512, 0.9, 0] },
  { name: 'a class no rule uses', row: [0, 0, 256, 512, 0.9, 9] },
  { name: 'a poor score', row: [0, 0, 256, 512, 0.29, 0] },
])('rows with $name are left out, the others stay', ({ row }) => {
  expect(sightingsOf([...row, ...person], fit, options)).toEqual([
    { label: 'person', score: 0.5, box: { x: 0, y: 0, width: 0.5, height: 1 } },
  ]);
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
  const path = join(await mkdtemp(join(tmpdir(), 'tianliang-model-')), 'model.json');
  if (content !== undefined) await writeFile(path, content);
  const opening = openGraphModel({ path, ...options });
  await expect(opening).rejects.toThrow(ModelUnusable);
  await expect(opening).rejects.toThrow(path);
});
