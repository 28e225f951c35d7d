import type { Codec } from '../rtp/nal.ts';
import { FlvError } from './flv-error.ts';

/** What a sequence header says (ISO/IEC 14496-15 §5.3.3.1 `avcC`, §8.3.3.1 `hvcC`). */
export interface SequenceHeader {
  readonly parameterSets: readonly Buffer[];
  /** Bytes of the length before each NAL unit: 1, 2 or 4. */
  readonly lengthBytes: number;
}

const maxSets = 64;
const hevcArraysAt = 22;

/** Reads a decoder configuration record. Throws FlvError. */
export function readSequenceHeader(codec: Codec, record: Buffer): SequenceHeader {
  const cursor = new Cursor(record);
  return codec === 'h264' ? readAvc(cursor) : readHevc(cursor);
}

function readAvc(cursor: Cursor): SequenceHeader {
  cursor.skip(4);
  const lengthBytes = (cursor.byte() & 0x03) + 1;
  const sequenceSets = cursor.sized(cursor.byte() & 0x1f);
  const pictureSets = cursor.sized(cursor.byte());
  return { parameterSets: [...sequenceSets, ...pictureSets], lengthBytes };
}

function readHevc(cursor: Cursor): SequenceHeader {
  cursor.skip(hevcArraysAt - 1);
  const lengthBytes = (cursor.byte() & 0x03) + 1;
  const parameterSets: Buffer[] = [];
  for (let arrays = cursor.byte(); arrays > 0; arrays -= 1) {
    cursor.skip(1);
    parameterSets.push(...cursor.sized(cursor.short()));
    if (parameterSets.length > maxSets) throw broken();
  }
  return { parameterSets, lengthBytes };
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#take(count);
  }

  byte(): number {
    return this.#take(1).readUInt8();
  }

  short(): number {
    return this.#take(2).readUInt16BE();
  }

  /** So many NAL units, each behind its length. */
  sized(count: number): Buffer[] {
    if (count > maxSets) throw broken();
    return Array.from({ length: count }, () => this.#take(this.short()));
  }

  #take(count: number): Buffer {
    const from = this.#at;
    this.#at += count;
    if (this.#at > this.#bytes.length) throw broken();
    return this.#bytes.subarray(from, this.#at);
  }
}

function broken(): FlvError {
  return new FlvError('protocol', 'The FLV stream has a broken sequence header.');
}
