import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const block = 512;

export interface TarWish {
  /** Which files, by their path in the archive. */
  readonly paths: readonly string[];
  readonly mostBytes: number;
}

/** The named regular files of a .tgz archive. What is not named is read past and never held. */
export async function tarEntries(file: string, wish: TarWish): Promise<Map<string, Buffer>> {
  const reading = new TarReading(wish);
  for await (const chunk of createReadStream(file).pipe(createGunzip())) reading.take(chunk);
  return reading.entries;
}

/** An entry that is being read: how much of it is still to come. */
interface Pending {
  readonly path: string;
  readonly size: number;
  left: number;
  readonly parts?: Buffer[];
}

class TarReading {
  readonly entries = new Map<string, Buffer>();
  readonly #wish: TarWish;
  #pending: Pending | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(wish: TarWish) {
    this.#wish = wish;
  }

  take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step());
  }

  /** A header, or as much of a file as there is; false when there is not enough of either. */
  #step(): boolean {
    if (!this.#pending) {
      if (this.#rest.length < block) return false;
      this.#pending = headerOf(this.#rest, this.#wish);
      this.#rest = this.#rest.subarray(block);
    }
    const { path, size, parts } = this.#pending;
    const count = Math.min(this.#pending.left, this.#rest.length);
    parts?.push(Buffer.from(this.#rest.subarray(0, count)));
    this.#rest = this.#rest.subarray(count);
    this.#pending.left -= count;
    if (this.#pending.left > 0) return false;
    if (parts) this.entries.set(path, Buffer.concat(parts).subarray(0, size));
    this.#pending = undefined;
    return true;
  }
}

function headerOf(bytes: Buffer, { paths, mostBytes }: TarWish): Pending {
  const path = bytes.toString('utf8', 0, 100).replace(/\0.*$/s, '');
  const size = Number.parseInt(bytes.toString('latin1', 124, 136), 8) || 0;
  const isFile = bytes[156] === 0x30 || bytes[156] === 0;
  const isWanted = isFile && paths.includes(path) && size <= mostBytes;
  return { path, size, left: Math.ceil(size / block) * block, ...(isWanted && { parts: [] }) };
}
