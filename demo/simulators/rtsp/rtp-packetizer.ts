const maxPayload = 1_400;
const interleavedBytes = 4;
const rtpBytes = 12;
export const payloadType = 96;

/** One access unit as RTP packets behind interleaved headers (RFC 2326 §10.12), ready to be stamped for one client. */
export interface PacketizedFrame {
  readonly bytes: Buffer;
  /** Where each interleaved header starts. */
  readonly offsets: readonly number[];
  readonly payloadBytes: number;
}

export interface Stamp {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** A payload in pieces, so that each byte is copied once. */
type Payload = readonly Uint8Array[];

/** A header extension of one word (RFC 3550 §5.3.1), and four bytes of padding that count themselves. */
const extension = Uint8Array.of(0xbe, 0xde, 0, 1, 0x10, 7, 0, 0);
const padding = Uint8Array.of(0, 0, 0, 4);

/** Cuts an access unit into RTP payloads: RFC 6184 (STAP-A, FU-A) for H.264, RFC 7798 (AP, FU) for H.265. */
export function packetize(nals: readonly Buffer[], codec: 'h264' | 'h265', padded = false): PacketizedFrame {
  const payloads = group(nals, codec)
    .flatMap((nalGroup) => payloadsOf(nalGroup, codec))
    .map((payload) => (padded ? [extension, ...payload, padding] : payload));
  const sizes = payloads.map((pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0));
  const payloadBytes = sizes.reduce((sum, size) => sum + size, 0);
  const bytes = Buffer.alloc(payloadBytes + payloads.length * (interleavedBytes + rtpBytes));
  const offsets: number[] = [];
  let at = 0;
  for (const [index, pieces] of payloads.entries()) {
    offsets.push(at);
    const marker = index === payloads.length - 1 ? 0x80 : 0;
    bytes.set([0x24, 0], at);
    bytes.writeUInt16BE(rtpBytes + (sizes[index] ?? 0), at + 2);
    bytes.set([padded ? 0xb0 : 0x80, payloadType | marker], at + interleavedBytes);
    at += interleavedBytes + rtpBytes;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
  }
  return { bytes, offsets, payloadBytes };
}

/** A copy of the frame with the client's sequence numbers, timestamp and SSRC written in. */
export function stamped(frame: PacketizedFrame, stamp: Stamp): Buffer {
  const copy = Buffer.allocUnsafe(frame.bytes.length);
  frame.bytes.copy(copy);
  let sequence = stamp.sequence;
  for (const at of frame.offsets) {
    copy.writeUInt16BE(sequence & 0xffff, at + 6);
    copy.writeUInt32BE(stamp.timestamp, at + 8);
    copy.writeUInt32BE(stamp.ssrc, at + 12);
    sequence += 1;
  }
  return copy;
}

/** Neighbours that fit one packet together go into one aggregation packet. */
function group(nals: readonly Buffer[], codec: 'h264' | 'h265'): Buffer[][] {
  const groups: Buffer[][] = [];
  let size = 0;
  for (const nal of nals) {
    const last = groups.at(-1);
    const grown = size + nal.length + 2;
    if (last && grown <= maxPayload) {
      last.push(nal);
      size = grown;
    } else {
      groups.push([nal]);
      size = (codec === 'h264' ? 1 : 2) + nal.length + 2;
    }
  }
  return groups;
}

function payloadsOf(nals: Buffer[], codec: 'h264' | 'h265'): Payload[] {
  const [first] = nals;
  if (!first) return [];
  if (nals.length > 1) return [aggregated(nals, codec)];
  if (first.length <= maxPayload) return [[first]];
  return codec === 'h264' ? fragmentsAvc(first) : fragmentsHevc(first);
}

function aggregated(nals: Buffer[], codec: 'h264' | 'h265'): Payload {
  const highestRef = Math.max(...nals.map((nal) => nal.readUInt8(0) & 0x60));
  const header = codec === 'h264' ? Uint8Array.of(highestRef | 24) : Uint8Array.of(48 << 1, 1);
  return [header, ...nals.flatMap((nal) => [Uint8Array.of(nal.length >> 8, nal.length & 0xff), nal])];
}

function fragmentsAvc(nal: Buffer): Payload[] {
  const [header = 0] = nal;
  const chunks = cut(nal.subarray(1), maxPayload - 2);
  return chunks.map((chunk, index) => {
    const edge = edgeBits(index, chunks.length);
    return [Uint8Array.of((header & 0xe0) | 28, edge | (header & 0x1f)), chunk];
  });
}

function fragmentsHevc(nal: Buffer): Payload[] {
  const [first = 0, second = 0] = nal;
  const chunks = cut(nal.subarray(2), maxPayload - 3);
  return chunks.map((chunk, index) => {
    const edge = edgeBits(index, chunks.length);
    return [Uint8Array.of((first & 0x81) | (49 << 1), second, edge | ((first >> 1) & 0x3f)), chunk];
  });
}

function edgeBits(index: number, count: number): number {
  return (index === 0 ? 0x80 : 0) | (index === count - 1 ? 0x40 : 0);
}

function cut(buffer: Buffer, size: number): Buffer[] {
  const count = Math.ceil(buffer.length / size);
  return Array.from({ length: count }, (_, index) => buffer.subarray(index * size, (index + 1) * size));
}
