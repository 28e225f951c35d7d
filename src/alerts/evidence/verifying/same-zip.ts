import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { zipShape } from '../packing/zip-shape.ts';
import type { OpenZip } from './read-zip.ts';

/**
 * Where the zip differs from one that is made anew of its own files: its headers say nothing that its files do not, so
 * that no byte of it can be another one unnoticed. Undefined when they are the same.
 */
export async function firstOddByte(zip: OpenZip): Promise<number | undefined> {
  const again = new ZipFile();
  const whole = zip.read();
  const anew = again.outputStream.pipe(new PassThrough());
  const reading = new Set<Readable>([whole, anew]);
  // Nobody reads on once they differ, or once a file cannot be read.
  const giveUp = (error?: Error) => {
    for (const stream of reading) stream.destroy(error);
  };
  again.on('error', giveUp);
  for (const { name, read } of zip.entries)
    again.addReadStreamLazy(name, zipShape, (give) => {
      read().then((stream) => give(undefined, followed(stream, reading).once('error', giveUp)), giveUp);
    });
  again.end();
  try {
    return await firstDifference(anew, whole);
  } finally {
    giveUp();
  }
}

/** Known as long as it is open. */
function followed(stream: Readable, reading: Set<Readable>): Readable {
  reading.add(stream);
  return stream.once('close', () => reading.delete(stream));
}

type Bytes = AsyncIterable<string | Buffer>;

async function firstDifference(one: Bytes, another: Bytes): Promise<number | undefined> {
  const [ours, theirs] = [new Pieces(one), new Pieces(another)];
  for (let offset = 0; ; ) {
    const [a, b] = [await ours.ahead(), await theirs.ahead()];
    const size = Math.min(a.length, b.length);
    if (size === 0) return a.length === b.length ? undefined : offset;
    if (!a.subarray(0, size).equals(b.subarray(0, size)))
      return offset + a.subarray(0, size).findIndex((byte, index) => byte !== b[index]);
    ours.take(size);
    theirs.take(size);
    offset += size;
  }
}

/** The bytes of a stream, a piece at a time. */
class Pieces {
  readonly #stream: AsyncIterator<string | Buffer>;
  #ahead: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<string | Buffer>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** What comes next; empty at the end. */
  async ahead(): Promise<Buffer> {
    while (this.#ahead.length === 0) {
      const { done, value } = await this.#stream.next();
      if (done) break;
      this.#ahead = Buffer.isBuffer(value) ? value : Buffer.from(value);
    }
    return this.#ahead;
  }

  take(size: number): void {
    this.#ahead = this.#ahead.subarray(size);
  }
}
