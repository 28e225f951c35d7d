import { expect, test } from 'vitest';
import { readDocument } from '../../../src/alerts/cap/cap-document.ts';
import { readDocumentApart } from '../../../src/alerts/cap/document-thread.ts';
import { capXml } from './cap-documents.ts';

const open = new AbortController().signal;
const small = capXml({ identifier: 'a', sent: '2026-11-26T08:00:00+08:00' });
const comment = `<!--${' '.repeat(100_000)}-->`;

test('a document is read the same here and in a thread of its own', async () => {
  const bytes = Buffer.from(small);
  expect(await readDocumentApart(bytes, open)).toEqual(readDocument(bytes));
  expect(await readDocumentApart(Buffer.from(small + comment), open)).toEqual(readDocument(bytes));
});

test.each([
  ['no XML', 'x'.repeat(100_000)],
  ['no warnings', `<page/>${comment}`],
  ['a type definition', `<!DOCTYPE alert>${comment}`],
])('a large document that is %s fails as a small one does', async (_, text) => {
  const bytes = Buffer.from(text);
  const reason = () => readDocument(bytes);
  const apart = await readDocumentApart(bytes, open).catch((error) => error.message);
  expect(reason).toThrow(apart);
});

test('who gives up does not wait for the thread', async () => {
  const closing = new AbortController();
  const reading = readDocumentApart(Buffer.from(small + comment), closing.signal);
  closing.abort(new Error('closed'));
  await expect(reading).rejects.toThrow('closed');
});
