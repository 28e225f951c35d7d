import { MemoryPool } from './memory-pool.ts';
import { lengthBytes, PicturePiece } from './picture-piece.ts';
import { PieceMemory } from './piece-memory.ts';

export const usualPictureBytes = 64 * 1024;
const maxBytes = 8 * 1024 * 1024;
/** A key picture of that size is rare: memory beyond is given back after it. */
const keptBytes = 1024 * 1024;
const noMemory: Buffer = Buffer.alloc(0);

/**
 * Where the NAL units of a picture are put together, in memory that is used again for the next: received bytes are copied
 * here and once more into a piece of just their size, instead of a piece for each packet.
 */
export class PictureBuffer {
  readonly #pool: MemoryPool;
  readonly #pieces: PieceMemory;
  /** Taken when a NAL unit is begun. */
  #memory: Buffer = noMemory;
  /** The NAL units kept so far end here, each behind its length. */
  #kept = 0;
  #end = lengthBytes;
  #open = false;

  /** Pictures are put together in memory of the `pool`, and handed out in `pieces`. */
  constructor(pool = new MemoryPool(usualPictureBytes, 0), pieces = new PieceMemory(0)) {
    this.#pool = pool;
    this.#pieces = pieces;
  }

  /** Whether a NAL unit is begun and neither kept nor dropped. */
  get open(): boolean {
    return this.#open;
  }

  /** Begins a NAL unit; one that was not kept is forgotten. */
  begin(): void {
    if (this.#memory.length === 0) this.#memory = this.#pool.take();
    this.#end = this.#kept + lengthBytes;
    this.#open = true;
  }

  byte(value: number): boolean {
    if (!this.#fits(1)) return false;
    this.#memory[this.#end] = value;
    this.#end += 1;
    return true;
  }

  /** Adds `data` without its first `skip` bytes, at most 4; false when the picture grows over 8 MiB. */
  append(data: Buffer, skip = 0): boolean {
    if (!this.#fits(data.length - skip)) return false;
    // A view of a part costs more than its bytes: all of it is written, and what was there before is put back.
    const at = this.#end - skip;
    const before = this.#memory.readUInt32BE(this.#end - lengthBytes);
    this.#memory.set(data, at);
    if (skip > 0) this.#memory.writeUInt32BE(before, this.#end - lengthBytes);
    this.#end = at + data.length;
    return true;
  }

  /** The NAL unit begun, as it lies here: valid until anything is added. */
  get current(): Buffer {
    return this.#memory.subarray(this.#kept + lengthBytes, this.#end);
  }

  /** Keeps the NAL unit begun as part of the picture. */
  keep(): void {
    this.#memory.writeUInt32BE(this.#end - this.#kept - lengthBytes, this.#kept);
    this.#kept = this.#end;
    this.#open = false;
  }

  /** Gives its memory back; what is in it is forgotten. */
  release(): void {
    this.clear();
    this.#pool.give(this.#memory);
    this.#memory = noMemory;
  }

  /** Forgets the NAL unit begun. */
  drop(): void {
    this.#open = false;
  }

  /** The kept NAL units, in memory of their own; the buffer is empty after. */
  take(): PicturePiece {
    const piece = new PicturePiece(this.#memory.subarray(0, this.#kept), this.#pieces);
    this.clear();
    return piece;
  }

  clear(): void {
    if (this.#memory.length > keptBytes) this.#memory = this.#pool.take();
    this.#kept = 0;
    this.#end = lengthBytes;
    this.#open = false;
  }

  #fits(size: number): boolean {
    const needed = this.#end + size;
    if (needed > maxBytes) return false;
    if (needed <= this.#memory.length) return true;
    const memory = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(2 * this.#memory.length, needed)));
    this.#memory.copy(memory, 0, 0, this.#end);
    this.#memory = memory;
    return true;
  }
}
