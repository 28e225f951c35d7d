import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIssue } from '../../src/shared/config-error.ts';
import { csvRows } from '../../src/shared/csv-rows.ts';
import { CsvSource } from '../../src/shared/csv-source.ts';

const shape = {
  list: 'things',
  columns: { id: { path: ['id'] }, lat: { path: ['at', 'lat'], read: Number }, note: { path: ['note'] } },
};
const read = (text: string, environment = {}) => new CsvSource('things.csv', text, { environment, shape });

test('rows become the entries of a list, each cell in its place; an empty one is left out', () => {
  const source = read('\uFEFFid,lat,note\r\na,27.3,"says ""hi"", twice"\r\n\r\nb,,${WORD}\r\n', { WORD: 'word' });
  expect(source.issues).toEqual([]);
  expect(source.value).toEqual({
    things: [
      { id: 'a', at: { lat: 27.3 }, note: 'says "hi", twice' },
      { id: 'b', note: 'word' },
    ],
  });
});

test('an issue is placed at its cell, or at its row when there is no such cell', () => {
  const source = read('id,lat\na,27\nb,"x\ny"\nc,99\n');
  const place = (...path: (string | number)[]) => {
    const { line, column } = source.locate({ path, at: 'value', message: '' });
    return `${line}:${column}`;
  };
  expect(place('things', 0, 'at', 'lat')).toBe('2:3');
  expect(place('things', 0, 'at')).toBe('2:3');
  expect(place('things', 0, 'note')).toBe('2:1');
  expect(place('things', 2, 'at', 'lat')).toBe('5:3');
  expect(place('things')).toBe('1:1');
});

test.each([
  ['id,"lat\na,1', 'things.csv:1:4 this quotation mark is never closed'],
  ['id,note\na,"b"c', 'things.csv:2:6 expected a comma behind the closing quotation mark'],
  ['id,colour\na,red', 'things.csv:1:4 unknown column; expected some of: id, lat, note'],
  ['id\na,27.3', 'things.csv:2:3 expected 1 cells, as many as the first row names'],
  ['id\n${NOBODY}', 'things.csv:2:1 the environment variable NOBODY is not set'],
  [Buffer.from([0xcd, 0xf5]).toString('utf8'), 'things.csv:1:1 expected UTF-8; save it as "CSV UTF-8"'],
])('%j is refused with its place', (text, expected) => {
  expect(read(text).issues.map(formatIssue)).toEqual([expected]);
});

test('whatever is written as CSV is read as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' x', '桥'), maxLength: 6 });
  const rows = fc.array(fc.tuple(fc.constant('id'), cell), { minLength: 1, maxLength: 5 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (written, end) => {
      const text = written.map((row) => row.map(quoted).join(',')).join(end);
      expect(csvRows(text).map((row) => row.map((one) => one.text))).toEqual(written);
    }),
  );
});
