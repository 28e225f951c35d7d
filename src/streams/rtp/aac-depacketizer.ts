import { PlainBits } from './plain-bits.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** How many bits each field of an AU header has (RFC 3640 §3.2.1.1). */
export interface AuLayout {
  readonly sizeBits: number;
  readonly indexBits: number;
  readonly deltaBits: number;
}

/** One AAC frame. */
export interface AacUnit {
  readonly data: Buffer;
  /** Frames between it and the one whose time the packet bears. */
  readonly offset: number;
}

interface AuHeader {
  readonly size: number;
  readonly offset: number;
}

interface Fragment {
  readonly timestamp: number;
  readonly parts: Buffer[];
  missing: number;
}

/** A frame has 768 bytes a channel at most (ISO/IEC 14496-3 §4.5.3): eight channels, and some room. */
const maxUnitBytes = 8_192;
const maxUnits = 64;
const maxFieldBits = 16;

/** The layout out of `a=fmtp`; what it does not say is as in mode AAC-hbr. Undefined for one that nobody uses. */
export function auLayout(fmtp: ReadonlyMap<string, string>): AuLayout | undefined {
  const field = (name: string, usual: number) => Number(fmtp.get(name) ?? usual);
  const layout = {
    sizeBits: field('sizelength', 13),
    indexBits: field('indexlength', 3),
    deltaBits: field('indexdeltalength', 3),
  };
  const fits = Object.values(layout).every((bits) => Number.isInteger(bits) && bits >= 0 && bits <= maxFieldBits);
  return fits && layout.sizeBits > 0 ? layout : undefined;
}

/** Takes AAC frames out of RTP packets (RFC 3640): one or more a packet, or one over several. What is broken is left out. */
export class AacDepacketizer {
  readonly #layout: AuLayout;
  #fragment: Fragment | undefined;
  #sequence: number | undefined;

  constructor(layout: AuLayout) {
    this.#layout = layout;
  }

  /** Frames as views of the packet, but for those that came in pieces. */
  push(packet: RtpPacket): AacUnit[] {
    const { sequence, payload } = packet;
    if (this.#sequence !== undefined && sequence !== ((this.#sequence + 1) & 0xffff)) this.#fragment = undefined;
    this.#sequence = sequence;
    const headers = readHeaders(payload, this.#layout);
    if (!headers) {
      this.#fragment = undefined;
      return [];
    }
    const body = payload.subarray(2 + Math.ceil(payload.readUInt16BE(0) / 8));
    const [first] = headers;
    if (headers.length === 1 && first && first.size > body.length) return this.#gather(packet, first.size, body);
    this.#fragment = undefined;
    return cut(headers, body);
  }

  /** Pieces of one frame bear the same time and the size of the whole (§3.2.3). */
  #gather({ timestamp }: RtpPacket, size: number, piece: Buffer): AacUnit[] {
    const begun = this.#fragment?.timestamp === timestamp ? this.#fragment : undefined;
    const fragment = begun ?? { timestamp, parts: [], missing: size };
    fragment.parts.push(piece);
    fragment.missing -= piece.length;
    this.#fragment = fragment.missing > 0 ? fragment : undefined;
    if (fragment.missing !== 0) return [];
    return [{ data: Buffer.concat(fragment.parts), offset: 0 }];
  }
}

/** Undefined when the section does not add up. */
function readHeaders(payload: Buffer, { sizeBits, indexBits, deltaBits }: AuLayout): AuHeader[] | undefined {
  if (payload.length < 2) return undefined;
  const section = payload.readUInt16BE(0);
  const bytes = Math.ceil(section / 8);
  if (section < sizeBits + indexBits || 2 + bytes >= payload.length) return undefined;
  const bits = new PlainBits(payload.subarray(2, 2 + bytes));
  const headers: AuHeader[] = [];
  let left = section;
  let offset = -1;
  for (let step = indexBits; left >= sizeBits + step; step = deltaBits) {
    const size = bits.bits(sizeBits);
    const index = bits.bits(step);
    offset += 1 + (headers.length === 0 ? 0 : index);
    headers.push({ size, offset });
    left -= sizeBits + step;
    if (size === 0 || size > maxUnitBytes || headers.length > maxUnits) return undefined;
  }
  return headers;
}

/** A size that leads out of the packet ends it: what came before is whole. */
function cut(headers: readonly AuHeader[], body: Buffer): AacUnit[] {
  const units: AacUnit[] = [];
  let at = 0;
  for (const { size, offset } of headers) {
    if (at + size > body.length) break;
    units.push({ data: body.subarray(at, at + size), offset });
    at += size;
  }
  return units;
}
