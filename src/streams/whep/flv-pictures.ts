/** What a viewer's FLV carries of an H.264 camera: the parameter sets, then pictures. */
export type FlvPiece =
  /** Another codec than H.264. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'sets'; readonly sets: readonly Buffer[] }
  | {
      readonly kind: 'picture';
      readonly key: boolean;
      /** When it is decoded, on the hub's one rising timeline. */
      readonly decodeMs: number;
      /** Showing minus decoding time; not 0 only with B pictures. */
      readonly offsetMs: number;
      /** Views of the tag that all viewers share. */
      readonly nals: readonly Buffer[];
    };

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
const afterTagBytes = 4;
const videoTag = 9;
const avc = 7;
/** AVCPacketType (FLV 10.1, E.4.3.1). */
const packetType = { sets: 0, nals: 1 } as const;

/** The pieces in one or more whole FLV tags; sound and metadata are left out. */
export function piecesOf(data: Buffer): FlvPiece[] {
  const pieces: FlvPiece[] = [];
  let at = data.toString('latin1', 0, 3) === 'FLV' ? fileHeaderBytes : 0;
  while (at + tagHeaderBytes <= data.length) {
    const end = at + tagHeaderBytes + data.readUIntBE(at + 1, 3);
    const piece = data[at] === videoTag ? pieceOf(data.subarray(at, end)) : undefined;
    if (piece) pieces.push(piece);
    at = end + afterTagBytes;
  }
  return pieces;
}

function pieceOf(tag: Buffer): FlvPiece | undefined {
  const head = tag.readUInt8(tagHeaderBytes);
  // The highest bit marks an enhanced header, which H.264 does without.
  if ((head & 0x8f) !== avc) return { kind: 'foreign' };
  const body = tag.subarray(tagHeaderBytes + 5);
  const type = tag.readUInt8(tagHeaderBytes + 1);
  if (type === packetType.sets) return { kind: 'sets', sets: setsOf(body) };
  if (type !== packetType.nals) return undefined;
  const decodeMs = (tag.readUInt8(7) << 24) | tag.readUIntBE(4, 3);
  const offsetMs = tag.readIntBE(tagHeaderBytes + 2, 3);
  return { kind: 'picture', key: (head & 0x70) === 0x10, decodeMs, offsetMs, nals: lengthPrefixed(body, 4) };
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1): a count and the sets, first SPS, then PPS. */
function setsOf(record: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = record.readUInt8(at) & mask;
    at += 1;
    for (let index = 0; index < count; index += 1) {
      const end = at + 2 + record.readUInt16BE(at);
      sets.push(record.subarray(at + 2, end));
      at = end;
    }
  }
  return sets;
}

function lengthPrefixed(body: Buffer, lengthBytes: number): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + lengthBytes <= body.length; ) {
    const end = at + lengthBytes + body.readUIntBE(at, lengthBytes);
    nals.push(body.subarray(at + lengthBytes, end));
    at = end;
  }
  return nals;
}
