import type { Codec } from './nal.ts';
import type { PictureBuffer } from './picture-buffer.ts';

/** How aggregation and fragments differ between the two codecs. */
interface Layout {
  readonly headerBytes: number;
  readonly aggregate: number;
  readonly fragment: number;
  /** The last type that is a NAL unit as it is; above it only the payload structures we know are accepted. */
  readonly lastSingle: number;
}

const layouts: Record<Codec, Layout> = {
  h264: { headerBytes: 1, aggregate: 24, fragment: 28, lastSingle: 23 },
  h265: { headerBytes: 2, aggregate: 48, fragment: 49, lastSingle: 47 },
};

/** Turns RTP payloads into NAL units: H.264 by RFC 6184 §5, H.265 by RFC 7798 §4.4. */
export class Depacketizer {
  readonly #codec: Codec;
  readonly #layout: Layout;
  readonly #picture: PictureBuffer;
  readonly #onNal: () => void;

  /** Writes into `picture` and calls `onNal` with each NAL unit that is whole, begun there and neither kept nor dropped. */
  constructor(codec: Codec, picture: PictureBuffer, onNal: () => void) {
    this.#codec = codec;
    this.#layout = layouts[codec];
    this.#picture = picture;
    this.#onNal = onNal;
  }

  /** False when the payload is malformed, its start is missing or a picture grows too large. */
  push(payload: Buffer): boolean {
    const { headerBytes, aggregate, fragment, lastSingle } = this.#layout;
    if (payload.length <= headerBytes) return false;
    const first = payload[0] ?? 0;
    const type = this.#codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
    if (type === fragment) return this.#fragment(payload);
    if (type === aggregate) return this.#split(payload);
    return type <= lastSingle && this.#whole(payload);
  }

  #whole(nal: Buffer): boolean {
    this.#picture.begin();
    if (!this.#picture.append(nal)) return false;
    this.#onNal();
    return true;
  }

  #fragment(payload: Buffer): boolean {
    const { headerBytes } = this.#layout;
    if (payload.length <= headerBytes + 1) return false;
    const flags = payload[headerBytes] ?? 0;
    if ((flags & 0x80) !== 0) this.#begin(payload, flags);
    if (!this.#picture.open || !this.#picture.append(payload, headerBytes + 1)) return false;
    if ((flags & 0x40) !== 0) this.#onNal();
    return true;
  }

  /** The NAL header rebuilt from the headers of its first fragment. */
  #begin(payload: Buffer, flags: number): void {
    const first = payload[0] ?? 0;
    this.#picture.begin();
    if (this.#codec === 'h264') {
      this.#picture.byte((first & 0xe0) | (flags & 0x1f));
      return;
    }
    this.#picture.byte((first & 0x81) | ((flags & 0x3f) << 1));
    this.#picture.byte(payload[1] ?? 0);
  }

  #split(payload: Buffer): boolean {
    let at = this.#layout.headerBytes;
    while (at + 2 < payload.length) {
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length || end === at + 2 || !this.#whole(payload.subarray(at + 2, end))) return false;
      at = end;
    }
    return at === payload.length && at > this.#layout.headerBytes;
  }
}
