/** Why a byte stream is not one we go on reading. */
export type FrameFault = 'no-connect' | 'malformed-frame' | 'frame-too-large';

export interface FrameLimits {
  /** Bytes of the first packet, the only one a stranger may send. */
  readonly connectBytes: number;
  readonly packetBytes: number;
}

const connectType = 1;
const publishType = 3;
/** What a client may send (MQTT 3.1.1 §2.2.1): CONNECT, PUBLISH, PUBACK … PUBCOMP, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT. */
const clientTypes = new Set([1, 3, 4, 5, 6, 7, 8, 10, 12, 14]);

/**
 * Follows the fixed headers of an MQTT stream (§2.2) without keeping a byte, so that the size a packet declares is known
 * before anybody buffers it. Feed it chunks in order.
 */
export class FrameScanner {
  readonly #limits: FrameLimits;
  #type = 0;
  #lengthBytes = 0;
  #length = 0;
  #remaining = 0;
  #packets = 0;
  #publishes = 0;
  #state: 'header' | 'length' | 'body' = 'header';

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Complete packets so far. */
  get packets(): number {
    return this.#packets;
  }

  /** Messages begun so far. */
  get publishes(): number {
    return this.#publishes;
  }

  /** The next byte begins a packet. */
  get isBetween(): boolean {
    return this.#state === 'header';
  }

  /** Reads on until the chunk, or the packet number `until`, is at its end. Answers where it stopped. */
  scan(chunk: Uint8Array, until = Number.POSITIVE_INFINITY): { readonly end: number } | { readonly fault: FrameFault } {
    let offset = 0;
    while (offset < chunk.length && this.#packets < until) {
      if (this.#state === 'body') {
        offset += this.#skip(chunk.length - offset);
        continue;
      }
      const fault = this.#state === 'header' ? this.#header(chunk[offset] ?? 0) : this.#lengthByte(chunk[offset] ?? 0);
      offset += 1;
      if (fault) return { fault };
    }
    return { end: offset };
  }

  #skip(available: number): number {
    const skipped = Math.min(available, this.#remaining);
    this.#remaining -= skipped;
    if (this.#remaining === 0) this.#finish();
    return skipped;
  }

  #header(byte: number): FrameFault | undefined {
    this.#type = byte >> 4;
    if (this.#type === publishType) this.#publishes += 1;
    this.#lengthBytes = 0;
    this.#length = 0;
    this.#state = 'length';
    if (this.#packets === 0) return this.#type === connectType ? undefined : 'no-connect';
    return clientTypes.has(this.#type) && this.#type !== connectType ? undefined : 'malformed-frame';
  }

  #lengthByte(byte: number): FrameFault | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    const limit = this.#packets === 0 ? this.#limits.connectBytes : this.#limits.packetBytes;
    if (this.#length > limit) return 'frame-too-large';
    if (byte & 0x80) return this.#lengthBytes === 4 ? 'malformed-frame' : undefined;
    this.#remaining = this.#length;
    this.#state = 'body';
    if (this.#remaining === 0) this.#finish();
    return undefined;
  }

  #finish(): void {
    this.#packets += 1;
    this.#state = 'header';
  }
}
