import { FlvError } from './flv-error.ts';

/** One tag of an FLV stream. `body` belongs to whoever takes it. */
export interface FlvTag {
  /** 8 sound, 9 video, 18 data (FLV 10.1 §E.4.1). */
  readonly type: number;
  /** 32 bit, wraps. */
  readonly timestampMs: number;
  readonly body: Buffer;
}

/** No picture of a road camera is larger; what claims to be is not FLV, or hostile. */
export const maxTagBytes: number = 8 * 1024 * 1024;
const maxFileHeaderBytes = 64;
const fileHeaderBytes = 9;
const tagHeaderBytes = 11;
const pointerBytes = 4;

type Part = 'file header' | 'rest of file header' | 'pointer' | 'tag header' | 'body';

/**
 * Cuts a stream of bytes into FLV tags, wherever the pieces end. Holds one tag at most (8 MiB). `push` throws FlvError
 * when the bytes are not FLV, and the reader is of no more use.
 */
export class FlvTagReader {
  readonly #take: (tag: FlvTag) => void;
  #part: Part = 'file header';
  #wanted = Buffer.alloc(fileHeaderBytes);
  #filled = 0;
  #type = 0;
  #timestampMs = 0;
  #tagBytes = 0;

  constructor(take: (tag: FlvTag) => void) {
    this.#take = take;
  }

  /** Bytes kept for a tag that is not whole yet. */
  get heldBytes(): number {
    return this.#wanted.length;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length || this.#wanted.length === this.#filled) {
      const copied = chunk.copy(this.#wanted, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < this.#wanted.length) return;
      this.#complete(this.#wanted);
    }
  }

  #await(part: Part, bytes: number): void {
    this.#part = part;
    this.#wanted = Buffer.allocUnsafe(bytes);
    this.#filled = 0;
  }

  #complete(bytes: Buffer): void {
    switch (this.#part) {
      case 'file header':
        this.#await('rest of file header', restOfFileHeader(bytes));
        break;
      case 'rest of file header':
        this.#await('pointer', pointerBytes);
        break;
      case 'pointer':
        this.#checkPointer(bytes.readUInt32BE());
        break;
      case 'tag header':
        this.#begin(bytes);
        break;
      case 'body':
        this.#await('pointer', pointerBytes);
        this.#take({ type: this.#type, timestampMs: this.#timestampMs, body: bytes });
        break;
    }
  }

  #checkPointer(size: number): void {
    if (size !== this.#tagBytes) throw new FlvError('protocol', 'The FLV stream is broken between two tags.');
    this.#await('tag header', tagHeaderBytes);
  }

  #begin(header: Buffer): void {
    const size = header.readUIntBE(1, 3);
    if (size > maxTagBytes) throw new FlvError('protocol', 'A picture in the FLV stream claims more than 8 MiB.');
    this.#type = header.readUInt8(0);
    this.#timestampMs = header.readUIntBE(4, 3) + header.readUInt8(7) * 0x1000000;
    this.#tagBytes = tagHeaderBytes + size;
    this.#await('body', size);
  }
}

/** How much follows the nine bytes every header has. */
function restOfFileHeader(header: Buffer): number {
  const size = header.readUInt32BE(5);
  const isFlv = header.toString('latin1', 0, 3) === 'FLV' && size >= fileHeaderBytes && size <= maxFileHeaderBytes;
  if (!isFlv) throw new FlvError('protocol', 'What comes is not an FLV stream.');
  return size - fileHeaderBytes;
}
