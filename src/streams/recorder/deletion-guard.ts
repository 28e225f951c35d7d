/** What may go in one pass without somebody's word: a clock that jumps must not empty the disk (T10). */
const shareWithoutWord = 0.2;

/** Whether so many of all files are more than a pass may delete; a single one always may go. */
export function tooMany(victims: number, files: number): boolean {
  return victims > 1 && victims > files * shareWithoutWord;
}

export interface AllowanceFacts {
  readonly bytes: number;
}

/**
 * How much may be deleted to make room: as much as was written, and a fifth of what there is on top. A ring that is full
 * turns for ever; a disk that somebody else fills does not take all evidence with it. It counts bytes, never time.
 */
export class DeletionAllowance {
  #bytes: number | undefined;

  earn(bytes: number): void {
    if (this.#bytes !== undefined) this.#bytes += bytes;
  }

  /** Takes the size of one file from the allowance; false when there is none left. */
  spend(bytes: number, all: AllowanceFacts): boolean {
    const most = all.bytes * shareWithoutWord;
    this.#bytes = Math.min(this.#bytes ?? most, most);
    if (this.#bytes <= 0) return false;
    this.#bytes -= bytes;
    return true;
  }
}
