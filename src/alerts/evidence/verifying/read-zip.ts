import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type Entry, open, type ZipFile } from 'yauzl';

/** It is no zip of ours: damaged, cut off, or made to hurt whoever opens it. */
export class ZipRefusedError extends Error {}

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  read(): Promise<Readable>;
}

export interface OpenZip extends AsyncDisposable {
  /** In the order of its directory. */
  readonly entries: readonly ZipEntry[];
  /** The zip itself. */
  read(): Readable;
}

const mostEntries = 20_000;
/** No package is larger: what claims to be is none. */
const mostBytes = 4 * 1024 ** 3;
/** Names as we make them: nothing that leads out of a folder, and nothing that reads as something else. */
const goodName = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,6}$/;
const stored = 0;

/** Reads the directory of a zip and none of its files. Throws ZipRefusedError. */
export async function openZip(path: string): Promise<OpenZip> {
  const { size } = await stat(path);
  if (size > mostBytes) throw new ZipRefusedError(`is larger than any package: ${size} bytes`);
  const zip = await directoryOf(path);
  try {
    const entries = (await entriesOf(zip)).map((entry) => entryOf(zip, entry));
    // The zip reader closes the file once nobody reads of it any more.
    return { entries, read: () => createReadStream(path), [Symbol.asyncDispose]: async () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function directoryOf(path: string): Promise<ZipFile> {
  const { promise, resolve, reject } = Promise.withResolvers<ZipFile>();
  const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true };
  open(path, options, (error, zip) => (error ? reject(refused(error)) : resolve(zip)));
  return await promise;
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  if (zip.entryCount > mostEntries) throw new ZipRefusedError(`has ${zip.entryCount} files`);
  zip.on('entry', (entry: Entry) => {
    entries.push(entry);
    zip.readEntry();
  });
  const ended = once(zip, 'end');
  zip.readEntry();
  await ended.catch((error: Error) => {
    throw refused(error);
  });
  return entries;
}

function entryOf(zip: ZipFile, entry: Entry): ZipEntry {
  const { fileName: name, uncompressedSize: size, compressionMethod } = entry;
  if (!goodName.test(name)) throw new ZipRefusedError(`has a file with a name that none of ours has: ${shown(name)}`);
  // Nothing grows when it is read: what is packed is stored as it is.
  if (compressionMethod !== stored || entry.isEncrypted())
    throw new ZipRefusedError(`has a file that is not stored as it is: ${shown(name)}`);
  return { name, size, read: () => contentOf(zip, entry) };
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  const { promise, resolve, reject } = Promise.withResolvers<Readable>();
  zip.openReadStream(entry, (error, stream) => (error ? reject(refused(error)) : resolve(stream)));
  return await promise;
}

const refused = (error: Error) => new ZipRefusedError(error.message, { cause: error });

/** A name is somebody else's word: it goes to a terminal without what moves its cursor. */
const shown = (name: string) => JSON.stringify(name.slice(0, 200));
