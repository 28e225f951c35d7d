import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDocument } from '../../../src/alerts/cap/cap-document.ts';
import { type PlacedMessage, placeMessage, type Warning } from '../../../src/alerts/cap/warning.ts';
import { WarningBook } from '../../../src/alerts/cap/warning-book.ts';
import { whole } from '../../helpers/whole.ts';
import { type CapAlert, capXml, outline, referenceTo, sender } from './cap-documents.ts';
import { westAndEast } from './weather-areas.ts';

const at = (hour: number) => `2026-11-26T${String(hour).padStart(2, '0')}:00:00+08:00`;
const alert = (identifier: string, hour: number, more: Partial<CapAlert> = {}): CapAlert => ({
  identifier,
  sent: at(hour),
  ...more,
});
const update = (identifier: string, hour: number, ...of: CapAlert[]) =>
  alert(identifier, hour, { msgType: 'Update', references: of.map(referenceTo).join(' ') });
const cancel = (identifier: string, hour: number, ...of: CapAlert[]) =>
  alert(identifier, hour, { msgType: 'Cancel', references: of.map(referenceTo).join(' '), infos: [] });

function placed(written: CapAlert): PlacedMessage {
  const [reading] = readDocument(Buffer.from(capXml(written))).readings;
  if (reading?.kind !== 'message') throw new Error('it is no message');
  return whole(placeMessage(reading.message, westAndEast, { '520500': 'east' }));
}

function bookOf(...messages: CapAlert[]): WarningBook {
  const book = new WarningBook();
  for (const message of messages) book.take(placed(message));
  return book;
}

const nameOf = ({ id }: Warning) => id.replace(`${sender},`, '');
const standing = (book: WarningBook) =>
  book
    .list()
    .filter(({ notices }) => notices.length > 0)
    .map(nameOf);

test('a warning concerns the areas its outline meets, and those its geocodes mean', () => {
  const [first] = bookOf(alert('a', 8)).list();
  expect(first?.notices[0]?.places).toMatchObject([{ area: 'west' }]);
  expect(westAndEast.areaOf(first?.notices[0]?.places[0]?.point ?? { lat: 0, lon: 0 })).toBe('west');
  const code = '<areaDesc>x</areaDesc><geocode><valueName>adcode</valueName><value>520500</value></geocode>';
  const [second] = bookOf(alert('a', 8, { infos: [{ area: code }] })).list();
  expect(second?.notices[0]?.places).toMatchObject([{ area: 'east' }]);
  expect(standing(bookOf(alert('a', 8, { infos: [{ area: outline('1,2 1,4 3,4 1,2') }] })))).toEqual([]);
});

test('an update goes on with the warning it names, a cancel ends it', () => {
  const first = alert('a', 8);
  const second = update('b', 9, first);
  const third = update('c', 10, second);
  expect(standing(bookOf(first, second, third))).toEqual(['a']);
  expect(standing(bookOf(first, second, third, cancel('d', 11, third)))).toEqual([]);
  expect(standing(bookOf(first, second, third, cancel('d', 11, first)))).toEqual([]);
  expect(standing(bookOf(first, alert('other', 9), cancel('d', 11, first)))).toEqual(['other']);
});

test('a warning whose beginning nobody saw is named after the first message that is spoken of', () => {
  const [first, second] = [alert('a', 8), alert('b', 9)];
  expect(standing(bookOf(update('c', 10, second, first)))).toEqual(['a']);
});

test('messages read again, in whatever order, change nothing', () => {
  const first = alert('a', 8);
  const second = update('b', 9, first);
  const all = [first, second, cancel('c', 10, second), alert('x', 8)];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...all), { maxLength: 12 }), (again) => {
      const book = bookOf(...all, ...again);
      expect(standing(book)).toEqual(['x']);
      expect(book.list()).toHaveLength(2);
    }),
  );
});

test('a cancel that comes before what it cancels counts all the same', () => {
  const first = alert('a', 8);
  expect(standing(bookOf(cancel('c', 10, first), first))).toEqual([]);
});

test('an update of two warnings leaves one', () => {
  const [first, second] = [alert('a', 8), alert('b', 9)];
  const book = bookOf(first, second, update('c', 10, first, second));
  expect(standing(book)).toEqual(['a']);
  book.take(placed(update('d', 11, second)));
  expect(standing(book)).toEqual(['a']);
});

test('an update of the same second is newer than what it updates, and a cancel the last word', () => {
  const first = alert('a', 8);
  const second = update('b', 8, first);
  expect(bookOf(first, second, first).list()[0]?.newest).toBe('2026-11-26T00:00:00.000Z 1');
  expect(standing(bookOf(first, cancel('c', 8, first), second, first))).toEqual([]);
});

test('the same message read again is the same object, so that nothing is written twice', () => {
  const book = bookOf(alert('a', 8));
  const [before] = book.list();
  book.take(placed(alert('a', 8)));
  expect(book.list()[0]).toBe(before);
});

test('a full book forgets what concerns nobody before what does', () => {
  const book = new WarningBook(3);
  const far = { infos: [{ area: outline('1,2 1,4 3,4 1,2') }] };
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    book.take(placed(alert(name, 8, name === 'a' || name === 'b' ? {} : far)));
  expect(book.list().map(nameOf)).toEqual(['a', 'b', 'e']);
  book.take(placed(alert('f', 9)));
  book.take(placed(alert('g', 9)));
  expect(book.list().map(nameOf)).toEqual(['b', 'f', 'g']);
});
