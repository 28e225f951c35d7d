import { aacSound, type ClipSound } from './clip-sound.ts';
import { boxBody, eachBox } from './mp4-box.ts';

/** AudioSampleEntry: 28 bytes before its child boxes (ISO/IEC 14496-12 §12.2.3). */
const audioEntryBytes = 28;
const decoderSpecificInfo = 5;

/** The AAC track of an MP4 from its sample table and samples; undefined when it is not AAC. */
export function soundOf(stbl: Buffer, frames: readonly Buffer[]): ClipSound | undefined {
  const [entry] = eachBox(boxBody(stbl, 'stsd')?.subarray(8) ?? Buffer.alloc(0));
  const esds = entry?.type === 'mp4a' ? boxBody(entry.body.subarray(audioEntryBytes), 'esds') : undefined;
  const config = esds && specificConfig(esds.subarray(4));
  if (!entry || !config) return undefined;
  return aacSound(frames, { config, clockRate: entry.body.readUInt16BE(24), channels: entry.body.readUInt16BE(16) });
}

/** The innermost of the nested descriptors (ISO/IEC 14496-1 §7.2.6): ES, then DecoderConfig, then DecoderSpecificInfo. */
function specificConfig(descriptors: Buffer): Buffer | undefined {
  const ownBytes: Record<number, number> = { 3: 3, 4: 13 };
  let rest = descriptors;
  while (rest.length > 2) {
    const tag = rest.readUInt8(0);
    let at = 1;
    let size = 0;
    for (let more = true; more && at < rest.length; at += 1) {
      const byte = rest.readUInt8(at);
      size = (size << 7) | (byte & 0x7f);
      more = (byte & 0x80) !== 0;
    }
    if (tag === decoderSpecificInfo) return rest.subarray(at, at + size);
    rest = rest.subarray(at + (ownBytes[tag] ?? size));
  }
  return undefined;
}
