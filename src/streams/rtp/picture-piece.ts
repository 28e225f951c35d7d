import type { PieceMemory } from './piece-memory.ts';

/** Room for what a container writes before a picture: a message head, a tag head and a picture head. */
const roomBefore = 32;
/** And after it: a back pointer. */
const roomAfter = 4;
export const lengthBytes = 4;

/**
 * The NAL units of one picture in one piece of memory, each behind its length, with room before and after. The first who
 * asks may write its container's heads into the room, so that a picture is in memory once and not once more for viewers.
 */
export class PicturePiece {
  readonly memory: Buffer;
  /** Where the first length stands, and where the last NAL unit ends. */
  readonly start = roomBefore;
  readonly end: number;
  /** Where its memory goes when it is let go. */
  #from: PieceMemory | undefined;
  #taken = false;

  /** `body` is the NAL units behind their lengths; it is copied. */
  constructor(body: Buffer, from: PieceMemory) {
    this.end = roomBefore + body.length;
    this.memory = from.take(this.end + roomAfter);
    this.#from = from;
    body.copy(this.memory, roomBefore);
  }

  /** Nobody looks at the picture any more, nor at anything that was made around it: another one may be written there. */
  letGo(): void {
    this.#from?.give(this.memory);
    this.#from = undefined;
  }

  /** The NAL units, as views. */
  nals(): Buffer[] {
    const nals: Buffer[] = [];
    for (let at = this.start; at < this.end; ) {
      const start = at + lengthBytes;
      at = start + this.memory.readUInt32BE(at);
      nals.push(this.memory.subarray(start, at));
    }
    return nals;
  }

  /** Says yes once, to who will write so many bytes before and after. */
  claim(before: number, after: number): boolean {
    if (this.#taken || before > roomBefore || after > roomAfter) return false;
    this.#taken = true;
    return true;
  }
}
