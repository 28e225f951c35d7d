import { decoderConfig } from '../flv/decoder-config.ts';
import type { ParameterSets } from '../rtp/nal.ts';
import type { VideoFormat } from '../rtp/video-format.ts';
import { box, fullBox, u16, u32, u64 } from './mp4-box.ts';

/** All our files count time as RTP does for video (RFC 6184 §8.2.1). */
export const ticksPerSecond = 90_000;

/** From 1904-01-01, where MP4 starts to count, to 1970-01-01, in seconds. */
const mp4EpochSeconds = 2_082_844_800;
export const unityMatrix = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
export const undefinedLanguage = 0x55c4;
const nothing = Buffer.alloc(0);

/** What a file says about its pictures. */
export interface TrackFacts {
  readonly sets: ParameterSets;
  readonly format: VideoFormat;
  readonly startedAt: Date;
  /** 0 for a file of fragments, which tell their times themselves. */
  readonly durationTicks: number;
}

export interface SampleTables {
  readonly tables: Buffer;
  /** The track of the sound, where there is one. */
  readonly sound?: Buffer | undefined;
  /** For a file of fragments: mvex. */
  readonly after?: Buffer;
}

/** ISO/IEC 14496-12 §4.3; with `iso5` readers take data offsets relative to their fragment. */
export function fileType(): Buffer {
  return box('ftyp', Buffer.from('iso5'), u32(512), Buffer.from('iso5iso6mp41'));
}

/** When a thing was made and changed, as boxes of version 1 say it. */
export function creationTimes(at: Date): Buffer {
  const seconds = Math.floor(at.getTime() / 1_000) + mp4EpochSeconds;
  return Buffer.concat([u64(seconds), u64(seconds)]);
}

/** The movie box (§8.2.1) around one video track. `tables` are the boxes after `stsd` (§8.5). */
export function movie(facts: TrackFacts, { tables, sound = nothing, after = nothing }: SampleTables): Buffer {
  const times = creationTimes(facts.startedAt);
  const head = fullBox(
    'mvhd',
    0x01000000,
    times,
    u32(ticksPerSecond),
    u64(facts.durationTicks),
    u32(0x10000, 0x01000000, 0, 0),
    unityMatrix,
    Buffer.alloc(24),
    u32(3),
  );
  return box('moov', head, track(facts, times, tables), sound, after);
}

function track({ sets, format, durationTicks }: TrackFacts, times: Buffer, tables: Buffer): Buffer {
  const { width, height } = format;
  const head = fullBox(
    'tkhd',
    0x01000003,
    times,
    u32(1, 0),
    u64(durationTicks),
    u32(0, 0, 0, 0),
    unityMatrix,
    u32(width * 0x10000, height * 0x10000),
  );
  const media = fullBox('mdhd', 0x01000000, times, u32(ticksPerSecond), u64(durationTicks), u16(undefinedLanguage, 0));
  const handler = fullBox('hdlr', 0, u32(0), Buffer.from('vide'), Buffer.alloc(12), Buffer.from('video\0'));
  const reference = box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1)));
  const description = fullBox('stsd', 0, u32(1), sampleEntry(sets, format));
  const samples = box('stbl', description, tables);
  const information = box('minf', fullBox('vmhd', 1, Buffer.alloc(8)), reference, samples);
  return box('trak', head, box('mdia', media, handler, information));
}

/** VisualSampleEntry (§12.1.3) with its decoder configuration (ISO/IEC 14496-15 §5.4.2.1, §8.4.1.1). */
function sampleEntry(sets: ParameterSets, format: VideoFormat): Buffer {
  const [entry, config] = format.codec === 'h264' ? ['avc1', 'avcC'] : ['hvc1', 'hvcC'];
  return box(
    entry,
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(format.width, format.height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(0x18, 0xffff),
    box(config, decoderConfig(sets, format)),
  );
}
