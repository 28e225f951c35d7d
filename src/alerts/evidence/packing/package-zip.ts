import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type MissingFile, manifestName, type PackedFile, signatureName } from './manifest.ts';
import type { PackageTurn } from './package-turns.ts';
import { zipShape } from './zip-shape.ts';

/** One file of a package, opened when its turn comes: memory holds a piece of one of them. */
export interface PackageItem {
  readonly name: string;
  /** Where it comes from. */
  readonly source: string;
  /** A sentence for what is not there (any more): the manifest names it as missing. */
  open(signal: AbortSignal): Promise<Readable | Uint8Array | { readonly missing: string }>;
}

/** What the package holds, as the manifest and its signature tell. */
export type Seal = (
  files: readonly PackedFile[],
  missing: readonly MissingFile[],
) => { readonly manifest: Uint8Array; readonly signature: Uint8Array };

export interface PackageZipOptions {
  readonly items: Iterable<PackageItem>;
  readonly seal: Seal;
  readonly turn: PackageTurn;
}

/**
 * The zip as it is read: file after file, each hashed on its way, the manifest and its signature last. It ends with an
 * error, and so without its directory, when a file cannot be read to its end, the time is over or the reader goes away.
 */
export function packageZip({ items, seal, turn }: PackageZipOptions): Readable {
  const zip = new ZipFile();
  const output = new Transform({
    transform: (piece, _encoding, done) => {
      turn.moved();
      done(null, piece);
    },
  });
  const packing = new Packing(zip, turn.signal);
  turn.signal.addEventListener('abort', () => output.destroy(reasonOf(turn.signal)), { once: true });
  output.once('close', () => turn.end());
  zip.on('error', (error: Error) => output.destroy(error));
  zip.outputStream.pipe(output);
  packing.run(items, seal).catch((error: Error) => output.destroy(error));
  return output;
}

class Packing {
  readonly #zip: ZipFile;
  readonly #signal: AbortSignal;

  constructor(zip: ZipFile, signal: AbortSignal) {
    this.#zip = zip;
    this.#signal = signal;
  }

  async run(items: Iterable<PackageItem>, seal: Seal): Promise<void> {
    const files: PackedFile[] = [];
    const missing: MissingFile[] = [];
    for (const { name, source, open } of items) {
      const bytes = await open(this.#signal);
      if ('missing' in bytes) missing.push({ name, reason: bytes.missing });
      else files.push({ name, ...(await this.#add(name, bytes)), source });
    }
    const { manifest, signature } = seal(files, missing);
    await this.#add(manifestName, manifest);
    await this.#add(signatureName, signature);
    this.#zip.end();
  }

  async #add(name: string, bytes: Readable | Uint8Array): Promise<{ size: number; sha256: string }> {
    const hash = createHash('sha256');
    let size = 0;
    const counted = new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        hash.update(piece);
        size += piece.length;
        done(null, piece);
      },
    });
    this.#zip.addReadStream(counted, name, zipShape);
    const source = bytes instanceof Uint8Array ? Readable.from([Buffer.from(bytes)]) : bytes;
    // The zip writer takes what comes out; the next file is opened once this one is read.
    await pipeline(source, counted, { signal: this.#signal });
    return { size, sha256: hash.digest('hex') };
  }
}

const reasonOf = ({ reason }: AbortSignal) => (reason instanceof Error ? reason : new Error('ended'));
