import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CapReading } from '../../../src/alerts/cap/cap-message.ts';
import { chooseLinks } from '../../../src/alerts/cap/choose-links.ts';
import { FeedReader } from '../../../src/alerts/cap/feed-reader.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { atomXml, capXml } from './cap-documents.ts';
import { saying, startWeatherServer, tagged, type WeatherServer } from './weather-server.ts';

const open = new AbortController().signal;
const sent = '2026-11-26T08:00:00+08:00';
const message = (identifier: string) => capXml({ identifier, sent });
const readerOf = ({ url, host }: WeatherServer, path = '/feed') =>
  new FeedReader({ feed: { id: 'cma', url: `${url}${path}`, every: '60s' }, hosts: [host] });
const namesOf = (readings: readonly CapReading[]) =>
  readings.map((reading) => (reading.kind === 'message' ? reading.message.id.split(',')[1] : reading.kind)).toSorted();

test('a feed that is one message is read once and then only when it changes', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', tagged(message('a'), '"1"'));
  const reader = readerOf(server);
  expect(namesOf((await reader.read(open)).readings)).toEqual(['a']);
  expect(namesOf((await reader.read(open)).readings)).toEqual([]);
  server.answers.set('/feed', tagged(message('b'), '"2"'));
  expect(namesOf((await reader.read(open)).readings)).toEqual(['b']);
  expect(server.asked.map(({ status }) => status)).toEqual([200, 304, 200]);
});

test('a document of a server that knows no versions is not read again either while it stays the same', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', saying(message('a')));
  const reader = readerOf(server);
  expect(namesOf((await reader.read(open)).readings)).toEqual(['a']);
  expect(namesOf((await reader.read(open)).readings)).toEqual([]);
  server.answers.set('/feed', saying(message('b')));
  expect(namesOf((await reader.read(open)).readings)).toEqual(['b']);
});

test('an index leads to its messages; those of an index that did not change are still asked for', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', tagged(atomXml(['a.xml', `${server.url}/b.xml`]), '"i"'));
  server.answers.set('/a.xml', tagged(message('a'), '"a"'));
  server.answers.set('/b.xml', tagged(message('b'), '"b"'));
  const reader = readerOf(server);
  expect(namesOf((await reader.read(open)).readings)).toEqual(['a', 'b']);
  server.answers.set('/b.xml', tagged(message('b2'), '"b2"'));
  expect(await reader.read(open)).toMatchObject({ readings: [{ kind: 'message' }] });
  expect(
    server.asked
      .slice(3)
      .map(({ path, status }) => `${path} ${status}`)
      .toSorted(),
  ).toEqual(['/a.xml 304', '/b.xml 200', '/feed 304']);
});

test('of a hundred linked messages 64 are read in a round, the others in the next', async () => {
  await using server = await startWeatherServer();
  const names = Array.from({ length: 100 }, (_, index) => `m${String(index).padStart(3, '0')}`);
  server.answers.set('/feed', saying(atomXml(names)));
  for (const name of names) server.answers.set(`/${name}`, tagged(message(name), `"${name}"`));
  const reader = readerOf(server);
  const first = namesOf((await reader.read(open)).readings);
  const second = namesOf((await reader.read(open)).readings);
  expect([first, second]).toEqual([names.slice(0, 64), names.slice(64)]);
  expect(server.asked).toHaveLength(2 + 64 + 64);
});

test('links to hosts that are not listed are not followed, and said', async () => {
  await using server = await startWeatherServer();
  await using other = await startWeatherServer();
  server.answers.set('/feed', saying(atomXml(['a.xml', `${other.url}/b.xml`, 'file:///etc/passwd'])));
  server.answers.set('/a.xml', saying(message('a')));
  const { readings, trouble } = await readerOf(server).read(open);
  expect([namesOf(readings), trouble]).toEqual([['a'], '2 links lead to hosts that are not listed']);
  expect(other.asked).toEqual([]);
});

test('one broken message does not hide the others, and is tried again', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', saying(atomXml(['a.xml', 'b.xml'])));
  server.answers.set('/a.xml', saying('<!DOCTYPE x><alert/>'));
  server.answers.set('/b.xml', saying(message('b')));
  const reader = readerOf(server);
  const { readings, trouble } = await reader.read(open);
  expect([namesOf(readings), trouble]).toEqual([
    ['b'],
    '1 linked documents cannot be read: it holds a document type definition',
  ]);
  server.answers.set('/a.xml', saying(message('a')));
  const healed = await reader.read(open);
  expect([namesOf(healed.readings), healed.trouble]).toEqual([['a'], undefined]);
});

test('a message that is wrong in itself is said, one that is only a test is not', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', saying(capXml({ identifier: 'a', sent: 'today' })));
  server.answers.set('/test', saying(capXml({ identifier: 'a', sent, status: 'Test' })));
  const reader = readerOf(server);
  // Read again it is no better.
  for (const _ of [1, 2])
    expect((await reader.read(open)).trouble).toBe('a message is refused: it does not say when it was sent');
  expect(await readerOf(server, '/test').read(open)).toEqual({ readings: [{ kind: 'ignored' }] });
});

test.each([
  ['<html/>', /neither a CAP message/],
  ['<!DOCTYPE alert [<!ENTITY a "b">]><alert>&a;</alert>', /document type/],
  ['<a>'.repeat(200), /nested/],
  ['{"alert":1}', /./],
])('a feed that says %j fails: %s', async (text, reason) => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', saying(text));
  await expect(readerOf(server).read(open)).rejects.toThrow(reason);
});

test('a document that could not be understood is asked for anew, not for its changes', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/feed', tagged('<html/>', '"1"'));
  const reader = readerOf(server);
  await reader.read(open).catch(() => undefined);
  await reader.read(open).catch(() => undefined);
  expect(server.asked.map(({ status }) => status)).toEqual([200, 200]);
});

test('a file is a feed too, when it is one and not too large', async () => {
  await using dir = await tempDir();
  const fileReader = (name: string) =>
    new FeedReader({ feed: { id: 'local', file: join(dir.path, name), every: '60s' }, hosts: [] });
  await writeFile(join(dir.path, 'a.xml'), message('a'));
  await writeFile(join(dir.path, 'large.xml'), Buffer.alloc(1_048_577, 0x20));
  await mkdir(join(dir.path, 'folder'));
  expect(namesOf((await fileReader('a.xml').read(open)).readings)).toEqual(['a']);
  await expect(fileReader('none.xml').read(open)).rejects.toThrow('it cannot be read (ENOENT)');
  await expect(fileReader('large.xml').read(open)).rejects.toThrow('it is over 1048576 bytes');
  await expect(fileReader('folder').read(open)).rejects.toThrow('it is no file');
});

test('links never asked for come first, in their order, then those that wait longest', () => {
  const askedAt = new Map([
    ['a', 3],
    ['b', 1],
    ['d', 2],
  ]);
  expect(chooseLinks(['a', 'b', 'c', 'd', 'e'], (link) => askedAt.get(link), 4)).toEqual(['c', 'e', 'b', 'd']);
});
