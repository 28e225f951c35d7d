import { BodyProbe } from './body-probe.ts';
import { type PacketShape, packetType, shapeOf } from './packet-shape.ts';

/** Why a byte stream is not one we go on reading. */
export type FrameFault = 'no-connect' | 'malformed-frame' | 'frame-too-large';

export interface FrameLimits {
  /** Bytes of the first packet, the only one a stranger may send. */
  readonly connectBytes: number;
  readonly packetBytes: number;
}

/**
 * Follows the packets of an MQTT stream without keeping a byte, so that the size a packet declares is known before anybody
 * buffers it, and what no client may send is stopped in front of the parser. Feed it chunks in order.
 */
export class FrameScanner {
  readonly #limits: FrameLimits;
  readonly #probe = new BodyProbe();
  #first = 0;
  #shape: PacketShape | undefined;
  #lengthBytes = 0;
  #length = 0;
  /** Bytes of the body so far. */
  #at = 0;
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
      if (this.#state === 'body' && this.#at !== this.#probe.mark) {
        offset += this.#skip(chunk.length - offset);
        continue;
      }
      const fault = this.#byte(chunk[offset] ?? 0);
      offset += 1;
      if (fault) return { fault };
    }
    return { end: offset };
  }

  #byte(byte: number): FrameFault | undefined {
    if (this.#state === 'header') return this.#header(byte);
    return this.#state === 'length' ? this.#lengthByte(byte) : this.#bodyByte(byte);
  }

  /** On to what there is to look at, or to the end. */
  #skip(available: number): number {
    const skipped = Math.min(available, this.#length - this.#at, this.#probe.mark - this.#at);
    this.#at += skipped;
    if (this.#at === this.#length) this.#finish();
    return skipped;
  }

  #header(byte: number): FrameFault | undefined {
    this.#first = byte;
    if (byte >> 4 === packetType.publish) this.#publishes += 1;
    this.#lengthBytes = 0;
    this.#length = 0;
    this.#state = 'length';
    const isConnect = byte >> 4 === packetType.connect;
    if (this.#packets === 0 && !isConnect) return 'no-connect';
    this.#shape = this.#packets > 0 && isConnect ? undefined : shapeOf(byte);
    return this.#shape ? undefined : 'malformed-frame';
  }

  #lengthByte(byte: number): FrameFault | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    const limit = this.#packets === 0 ? this.#limits.connectBytes : this.#limits.packetBytes;
    if (this.#length > limit) return 'frame-too-large';
    if (byte & 0x80) return this.#lengthBytes === 4 ? 'malformed-frame' : undefined;
    const { least = 0, most = 0 } = this.#shape ?? {};
    if (this.#length < least || this.#length > most) return 'malformed-frame';
    this.#at = 0;
    this.#state = 'body';
    this.#probe.begin(this.#first, this.#length);
    if (this.#length === 0) this.#finish();
    return undefined;
  }

  #bodyByte(byte: number): FrameFault | undefined {
    if (!this.#probe.fits(byte)) return 'malformed-frame';
    this.#at += 1;
    if (this.#at === this.#length) this.#finish();
    return undefined;
  }

  #finish(): void {
    this.#packets += 1;
    this.#state = 'header';
  }
}
