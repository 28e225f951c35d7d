import type { Codec } from './nal.ts';

/** Turns RTP payloads into NAL units: H.264 by RFC 6184 §5, H.265 by RFC 7798 §4.4. */
export interface Depacketizer {
  /** Adds the NAL units a payload completes to `nals`; false when the payload is malformed or its start is missing. */
  push(payload: Buffer, nals: Buffer[]): boolean;
  /** Forgets a fragment begun: what follows is not its continuation. */
  reset(): void;
}

/** How aggregation and fragments differ between the two codecs. */
interface Layout {
  readonly headerBytes: number;
  readonly aggregate: number;
  readonly fragment: number;
  readonly typeOf: (payload: Buffer) => number;
  /** The NAL header rebuilt from the headers of a fragment. */
  readonly header: (payload: Buffer) => Buffer;
}

const layouts: Record<Codec, Layout> = {
  h264: {
    headerBytes: 1,
    aggregate: 24,
    fragment: 28,
    typeOf: (payload) => payload.readUInt8(0) & 0x1f,
    header: (payload) => Buffer.of((payload.readUInt8(0) & 0xe0) | (payload.readUInt8(1) & 0x1f)),
  },
  h265: {
    headerBytes: 2,
    aggregate: 48,
    fragment: 49,
    typeOf: (payload) => (payload.readUInt8(0) >> 1) & 0x3f,
    header: (payload) =>
      Buffer.of((payload.readUInt8(0) & 0x81) | ((payload.readUInt8(2) & 0x3f) << 1), payload.readUInt8(1)),
  },
};

/** The last type that is a NAL unit as it is; above it only the payload structures we know are accepted. */
const lastSingle: Record<Codec, number> = { h264: 23, h265: 47 };

const maxNalBytes = 4 * 1024 * 1024;

class NalDepacketizer implements Depacketizer {
  readonly #layout: Layout;
  readonly #lastSingle: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(codec: Codec) {
    this.#layout = layouts[codec];
    this.#lastSingle = lastSingle[codec];
  }

  push(payload: Buffer, nals: Buffer[]): boolean {
    if (payload.length <= this.#layout.headerBytes) return false;
    const type = this.#layout.typeOf(payload);
    if (type === this.#layout.fragment) return this.#fragment(payload, nals);
    this.reset();
    if (type === this.#layout.aggregate) return splitAggregate(payload.subarray(this.#layout.headerBytes), nals);
    if (type > this.#lastSingle) return false;
    nals.push(payload);
    return true;
  }

  reset(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  #fragment(payload: Buffer, nals: Buffer[]): boolean {
    const { headerBytes, header } = this.#layout;
    if (payload.length <= headerBytes + 1) return false;
    const flags = payload.readUInt8(headerBytes);
    const starts = (flags & 0x80) !== 0;
    if (starts) this.#parts = [header(payload)];
    if (this.#parts.length === 0) return false;
    const part = payload.subarray(headerBytes + 1);
    this.#bytes = starts ? part.length : this.#bytes + part.length;
    if (this.#bytes > maxNalBytes) return false;
    this.#parts.push(part);
    if ((flags & 0x40) === 0) return true;
    nals.push(Buffer.concat(this.#parts));
    this.reset();
    return true;
  }
}

function splitAggregate(body: Buffer, nals: Buffer[]): boolean {
  let offset = 0;
  while (offset + 2 < body.length) {
    const end = offset + 2 + body.readUInt16BE(offset);
    if (end > body.length || end === offset + 2) return false;
    nals.push(body.subarray(offset + 2, end));
    offset = end;
  }
  return offset === body.length && nals.length > 0;
}

/** A depacketizer without state from before. */
export function createDepacketizer(codec: Codec): Depacketizer {
  return new NalDepacketizer(codec);
}
