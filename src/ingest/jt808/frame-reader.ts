import { flag, type Unframed, unframe } from './frame.ts';

/** A frame, one to pass over, or why nothing more of this connection is read. */
export type FrameRead = Unframed | { readonly broken: 'frame-too-large' | 'no-frame' };

/** The standard's largest is 1,044: header, subpackage, body. */
const largestContentBytes = 1_400;
/** Every byte may have been escaped, the check byte too. */
const largestRawBytes = 2 * (largestContentBytes + 1);
/** What may come before, between or instead of frames that are right. */
const mostNoiseBytes = 4 * 1_024;

/** Finds the frames in a byte stream, however it is cut; keeps no more than one of them. */
export class FrameReader {
  /** What has come of the frame under way; undefined before the first flag. */
  #held: Buffer | undefined;
  #noiseBytes = 0;
  #broken = false;

  read(chunk: Buffer): FrameRead[] {
    const reads: FrameRead[] = [];
    for (let from = 0; from < chunk.length && !this.#broken; ) {
      const at = chunk.indexOf(flag, from);
      const end = at < 0 ? chunk.length : at;
      const read = this.#take(chunk.subarray(from, end), at >= 0);
      if (read) reads.push(read);
      if (read && 'broken' in read) this.#broken = true;
      from = end + 1;
    }
    return reads;
  }

  /** One piece without a flag in it; `flagged` when a flag follows. */
  #take(piece: Buffer, flagged: boolean): FrameRead | undefined {
    const raw = this.#held && Buffer.concat([this.#held, piece]);
    this.#noiseBytes += piece.length + (flagged ? 1 : 0);
    this.#held = flagged ? Buffer.alloc(0) : raw;
    if (raw && raw.length > largestRawBytes) return { broken: 'frame-too-large' };
    const read = flagged && raw && raw.length > 0 ? unframe(raw) : undefined;
    if (read && 'content' in read) return this.#accept(read.content);
    return this.#noiseBytes > mostNoiseBytes ? { broken: 'no-frame' } : read;
  }

  #accept(content: Buffer): FrameRead {
    this.#noiseBytes = 0;
    return content.length > largestContentBytes ? { broken: 'frame-too-large' } : { content };
  }
}
