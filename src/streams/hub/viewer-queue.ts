import type { FlvPicture } from '../flv/flv-muxer.ts';

export interface QueueLimits {
  readonly maxBytes: number;
  /** How long the oldest picture may wait, milliseconds. */
  readonly maxWaitMs: number;
}

export const queueLimits: QueueLimits = { maxBytes: 2 * 1024 * 1024, maxWaitMs: 3_000 };

interface Waiting {
  readonly data: Buffer;
  readonly since: number;
}

/**
 * What one viewer has not taken yet: views of tags that all share, never copies. When it grows too long or too old it is
 * emptied, and goes on with the next key picture (T19).
 */
export class ViewerQueue {
  readonly #limits: QueueLimits;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #waitsForKey = true;
  #config: Buffer | undefined;
  #dropped = 0;

  constructor(limits: QueueLimits = queueLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Pictures this viewer did not get because it is too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  push(picture: FlvPicture, now: number): void {
    const oldest = this.#waiting[0];
    const late = oldest !== undefined && now - oldest.since > this.#limits.maxWaitMs;
    if (late || this.#bytes + picture.data.length > this.#limits.maxBytes) this.#overflow();
    if (this.#waitsForKey && !picture.key) {
      if (this.#config) this.#dropped += 1;
      return;
    }
    this.#waitsForKey = false;
    if (picture.config !== this.#config && picture.config.length > 0) this.#add(picture.config, now);
    this.#config = picture.config;
    this.#add(picture.data, now);
  }

  shift(): Buffer | undefined {
    const next = this.#waiting.shift();
    this.#bytes -= next?.data.length ?? 0;
    return next?.data;
  }

  #add(data: Buffer, since: number): void {
    this.#waiting.push({ data, since });
    this.#bytes += data.length;
  }

  /** Whether the sequence header got out is not known any more: it is sent again. */
  #overflow(): void {
    this.#dropped += this.#waiting.length;
    this.#waiting.length = 0;
    this.#bytes = 0;
    this.#waitsForKey = true;
    this.#config = Buffer.alloc(0);
  }
}
