import { expect, test } from 'vitest';
import { LabelsWrong } from '../../../../src/alerts/detection/detector-errors.ts';
import { parseLabels } from '../../../../src/alerts/detection/models/label-file.ts';

test.each([
  { path: 'labels.txt', text: 'person\n\r\ncar\r\n' },
  { path: 'labels.json', text: '["person", "", "car"]' },
  { path: 'metadata.yaml', text: 'stride: 32\nnames:\n  0: person\n  2: car\n' },
])('the classes of $path are numbered from 0, and one without a name is none', ({ path, text }) => {
  expect([...parseLabels(path, text)]).toEqual([
    [0, 'person'],
    [2, 'car'],
  ]);
});

test.each([
  { name: 'nothing in it', path: 'a.txt', text: '\n', at: 'a.txt:1:1 expected the names' },
  { name: 'a face', path: 'a.txt', text: 'person\nface\n', at: 'a.txt:2:1 names what identifies' },
  { name: 'a plate', path: 'a.yaml', text: 'names:\n  0: person\n  1: license_plate\n', at: 'a.yaml:3:1 names what' },
  { name: 'no YAML', path: 'a.json', text: '["person",\n', at: 'a.json:2:1 is not valid' },
  { name: 'numbers for names', path: 'a.json', text: '[1, 2]', at: 'a.json:1:1 expected the names' },
  { name: 'a class beyond all', path: 'a.yaml', text: 'names: {99999: person}', at: 'a.yaml:1:1 expected classes' },
])('a file with $name is refused where it is wrong', ({ path, text, at }) => {
  expect(() => parseLabels(path, text)).toThrow(LabelsWrong);
  expect(() => parseLabels(path, text)).toThrow(at);
});
