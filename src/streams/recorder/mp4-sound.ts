import { readAacConfig } from '../rtp/aac-config.ts';
import { box, boxAt, boxesOf, fullBox, u16, u32, u64 } from './mp4-box.ts';
import { creationTimes, ticksPerSecond, undefinedLanguage, unityMatrix } from './mp4-track.ts';

/** What a file says about its sound. */
export interface SoundTrackFacts {
  /** AudioSpecificConfig; at most `mostConfigBytes`. */
  readonly config: Buffer;
  readonly startedAt: Date;
  /** 0 for a file of fragments, which tell their times themselves. */
  readonly durationTicks: number;
  /** How long after the start of the file the sound starts. */
  readonly delayTicks: number;
}

export const mostConfigBytes = 64;
/** ISO/IEC 14496-1 §7.2.6.6: object type AAC, stream type audio. */
const decoderFacts = Buffer.from([0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const tag = { stream: 3, decoder: 4, specific: 5, layer: 6 } as const;
/** Where `esdsOf` writes the tag of the AudioSpecificConfig. */
const specificAt = 20;
const sampleEntryBytes = 28;
const fullVolume = 0x01000000;

/** The second track of a movie (ISO/IEC 14496-12 §8.3); `tables` are the boxes after `stsd`. */
export function soundTrack({ config, startedAt, durationTicks, delayTicks }: SoundTrackFacts, tables: Buffer): Buffer {
  const times = creationTimes(startedAt);
  const whole = u64(delayTicks + durationTicks);
  const head = fullBox('tkhd', 0x01000003, times, u32(2, 0), whole, u32(0, 0, 0, fullVolume), unityMatrix, u32(0, 0));
  const media = fullBox('mdhd', 0x01000000, times, u32(ticksPerSecond), u64(durationTicks), u16(undefinedLanguage, 0));
  const handler = fullBox('hdlr', 0, u32(0), Buffer.from('soun'), Buffer.alloc(12), Buffer.from('sound\0'));
  const reference = box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1)));
  const samples = box('stbl', fullBox('stsd', 0, u32(1), sampleEntry(config)), tables);
  const information = box('minf', fullBox('smhd', 0, u32(0)), reference, samples);
  return box('trak', head, delay(delayTicks, durationTicks), box('mdia', media, handler, information));
}

/** The AudioSpecificConfig out of a `moov` of ours; undefined when there is no sound. */
export function soundConfigOf(moov: Buffer): Buffer | undefined {
  for (const { type, body } of boxesOf(moov)) {
    const entries = type === 'trak' ? boxAt(body, ['mdia', 'minf', 'stbl', 'stsd'])?.subarray(8) : undefined;
    const [entry] = entries ? boxesOf(entries) : [];
    const esds = entry?.type === 'mp4a' ? boxAt(entry.body.subarray(sampleEntryBytes), ['esds']) : undefined;
    if (esds) return specificConfig(esds.subarray(4));
  }
  return undefined;
}

/** An empty edit in front (§8.6.6): the sound of a clip may start later than its pictures. */
function delay(delayTicks: number, durationTicks: number): Buffer {
  if (delayTicks === 0) return Buffer.alloc(0);
  const nothing = [u64(delayTicks), u32(0xffffffff, 0xffffffff), u16(1, 0)];
  return box('edts', fullBox('elst', 0x01000000, u32(2), ...nothing, u64(durationTicks), u64(0), u16(1, 0)));
}

/** AudioSampleEntry (§12.2.3) with its elementary stream descriptor (ISO/IEC 14496-14 §5.6). */
function sampleEntry(config: Buffer): Buffer {
  const { coreRate = 0, channels = 2 } = readAacConfig(config) ?? {};
  const rate = coreRate > 0xffff ? 0 : coreRate;
  const esds = fullBox('esds', 0, esdsOf(config));
  return box('mp4a', Buffer.alloc(6), u16(1), u32(0, 0), u16(channels || 2, 16, 0, 0), u32(rate * 0x10000), esds);
}

function esdsOf(config: Buffer): Buffer {
  const decoder = descriptor(tag.decoder, decoderFacts, descriptor(tag.specific, config));
  return descriptor(tag.stream, u16(2), Buffer.of(0), decoder, descriptor(tag.layer, Buffer.of(2)));
}

function specificConfig(stream: Buffer): Buffer | undefined {
  const [found, size = 0] = stream.subarray(specificAt);
  const config = stream.subarray(specificAt + 2, specificAt + 2 + size);
  return found === tag.specific && config.length === size ? Buffer.from(config) : undefined;
}

/** Of less than 128 bytes (ISO/IEC 14496-1 §8.3.3). */
function descriptor(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(type, body.length), body]);
}
