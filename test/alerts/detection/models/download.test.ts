import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ModelNotFetched } from '../../../../src/alerts/detection/detector-errors.ts';
import { download } from '../../../../src/alerts/detection/models/download.ts';
import { tempDir } from '../../../helpers/temp-dir.ts';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));

async function serve(answer: RequestListener) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/model.bin`);
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, asked, [Symbol.asyncDispose]: dispose };
}

const wanted = (url: URL, dir: string) => ({
  ...{ url, file: join(dir, 'deep/model.bin'), mostBytes: 1_000_000, signal: AbortSignal.timeout(20_000) },
});

test('a file comes whole, and how far it is is told', async () => {
  await using dir = await tempDir();
  await using server = await serve((_, response) => response.setHeader('content-length', content.length).end(content));
  const told: (number | undefined)[][] = [];
  const want = wanted(server.url, dir.path);
  await download({ ...want, progress: (...progress) => told.push(progress) });
  expect((await readFile(want.file)).equals(content)).toBe(true);
  expect(told.at(-1)).toEqual([content.length, content.length]);
});

test('one that broke off goes on where it ended', async () => {
  await using dir = await tempDir();
  const broken = Promise.withResolvers<void>();
  await using server = await serve(async ({ headers: { range } }, response) => {
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range ? 206 : 200, { 'content-length': content.length - from });
    if (range) response.end(content.subarray(from));
    else response.write(content.subarray(0, 60_000));
    await broken.promise;
    response.destroy();
  });
  const want = wanted(server.url, dir.path);
  await expect(download({ ...want, progress: () => broken.resolve() })).rejects.toThrow(ModelNotFetched);
  const { size } = await stat(`${want.file}.part`);
  expect(size).toBeGreaterThan(0);
  await download(want);
  expect(server.asked).toEqual([undefined, `bytes=${size}-`]);
  expect((await readFile(want.file)).equals(content)).toBe(true);
});

test('a server that cannot go on begins anew', async () => {
  await using dir = await tempDir();
  await using server = await serve((_, response) => response.end(content));
  const want = wanted(server.url, dir.path);
  await download(want);
  await writeFile(`${want.file}.part`, 'half of something else');
  await download(want);
  expect((await readFile(want.file)).equals(content)).toBe(true);
});

test.each([
  { name: 'is too large by its own word', headers: { 'content-length': '2000000' }, status: 200, says: 'larger than' },
  { name: 'is not there', headers: {}, status: 404, says: 'answers 404' },
  { name: 'is elsewhere', headers: { location: 'http://127.0.0.2:1/x' }, status: 302, says: 'another host' },
  { name: 'is redirected without end', headers: { location: '/again' }, status: 302, says: 'without end' },
])('one that $name is refused', async ({ headers, status, says }) => {
  await using dir = await tempDir();
  await using server = await serve((_, response) => {
    response.writeHead(status, headers).flushHeaders();
    if (status !== 200) response.end();
  });
  await expect(download(wanted(server.url, dir.path))).rejects.toThrow(says);
});

test('one that is larger than it says, or says nothing any more, is given up', async () => {
  await using dir = await tempDir();
  await using endless = await serve((_, response) => response.end(Buffer.alloc(1_000_001)));
  await expect(download(wanted(endless.url, dir.path))).rejects.toThrow('larger than');
  await using silent = await serve((_, response) => response.write('x'));
  const want = { ...wanted(silent.url, join(dir.path, 'silent')), idleMs: 200 };
  await expect(download(want)).rejects.toThrow('no answer for 0.2 s');
});

test('without a way to the host it says so, and what to do', async () => {
  await using dir = await tempDir();
  const server = await serve(() => undefined);
  await server[Symbol.asyncDispose]();
  await expect(download(wanted(server.url, dir.path))).rejects.toThrow(
    /cannot be reached from here \(ECONNREFUSED\): without internet, copy the files/,
  );
});
