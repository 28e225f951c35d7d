export interface QueueLimits {
  readonly messages: number;
  readonly bytes: number;
}

interface Piece {
  readonly bytes: Buffer;
  readonly isMessage: boolean;
}

const publishType = 3;

/**
 * What waits for a device to read, cut into packets: over its limits the oldest message goes, whole, so that the stream
 * stays one. Answers to the device's own packets are never left out.
 */
export class SendQueue {
  readonly #limits: QueueLimits;
  readonly #pieces: Piece[] = [];
  #bytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#pieces.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes whole packets. */
  push(packets: Buffer): void {
    for (let offset = 0; offset < packets.length; ) {
      const bytes = packets.subarray(offset, offset + packetLength(packets, offset));
      this.#pieces.push({ bytes, isMessage: (bytes[0] ?? 0) >> 4 === publishType });
      this.#bytes += bytes.length;
      offset += bytes.length;
    }
  }

  /** Answers how many messages had to go; undefined when it is over its limits and nothing is left that may go. */
  trim(): number | undefined {
    let dropped = 0;
    for (; this.#isOver(); dropped += 1) if (!this.#dropOldest()) return undefined;
    return dropped;
  }

  shift(): Buffer | undefined {
    const piece = this.#pieces.shift();
    this.#bytes -= piece?.bytes.length ?? 0;
    return piece?.bytes;
  }

  #isOver(): boolean {
    return this.#pieces.length > this.#limits.messages || this.#bytes > this.#limits.bytes;
  }

  #dropOldest(): boolean {
    const index = this.#pieces.findIndex(({ isMessage }) => isMessage);
    const [piece] = index < 0 ? [] : this.#pieces.splice(index, 1);
    this.#bytes -= piece?.bytes.length ?? 0;
    return piece !== undefined;
  }
}

/** By its fixed header (MQTT 3.1.1 §2.2); all that is left when it is cut short. */
function packetLength(bytes: Buffer, offset: number): number {
  let length = 0;
  for (let digit = 1; digit <= 4 && offset + digit < bytes.length; digit += 1) {
    const byte = bytes[offset + digit] ?? 0;
    length += (byte & 0x7f) * 128 ** (digit - 1);
    if (byte < 0x80) return Math.min(1 + digit + length, bytes.length - offset);
  }
  return bytes.length - offset;
}
