/** What comes is not AAC in ADTS. */
export class AdtsError extends Error {}

const headBytes = 7;
const checksumBytes = 2;

/** Cuts a stream of bytes into AAC frames (ADTS, ISO/IEC 13818-7 §6.2), wherever the pieces end. Holds one frame at most. */
export class AdtsReader {
  readonly #take: (frame: Buffer) => void;
  #held: Buffer = Buffer.alloc(0);

  /** `take` gets raw frames, without their heads. */
  constructor(take: (frame: Buffer) => void) {
    this.#take = take;
  }

  /** Bytes of a frame that is not whole yet. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Throws AdtsError. */
  push(chunk: Buffer): void {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = 0;
    while (data.length - at >= headBytes) {
      const { head, size } = readHead(data, at);
      if (data.length - at < size) break;
      this.#take(data.subarray(at + head, at + size));
      at += size;
    }
    this.#held = Buffer.from(data.subarray(at));
  }
}

function readHead(data: Buffer, at: number): { head: number; size: number } {
  const first = data.readUInt16BE(at);
  if ((first & 0xfff6) !== 0xfff0) throw new AdtsError('no ADTS frame where one should begin');
  const head = (first & 1) === 1 ? headBytes : headBytes + checksumBytes;
  const size = (data.readUInt32BE(at + 3) >> 13) & 0x1fff;
  if (size < head) throw new AdtsError('an ADTS frame shorter than its head');
  return { head, size };
}
