import { box, fullBox, u32, u64 } from './mp4-box.ts';
import { soundTrack } from './mp4-sound.ts';
import { fileType, movie, type TrackFacts } from './mp4-track.ts';

/** One picture of a track, its NAL units with their lengths; times are 90 kHz ticks. */
export interface Sample {
  readonly data: Buffer;
  readonly key: boolean;
  readonly durationTicks: number;
  /** Showing minus decoding time. */
  readonly offsetTicks: number;
}

/** One frame of AAC; a 90 kHz tick as of pictures. */
export interface SoundSample {
  readonly data: Buffer;
  readonly durationTicks: number;
}

/** Frames that follow each other directly. */
export interface SoundRun {
  readonly decodeTicks: number;
  readonly samples: readonly SoundSample[];
}

export interface Fragment {
  /** Counts from 1 in a file (ISO/IEC 14496-12 §8.8.5). */
  readonly sequence: number;
  /** When its first picture is decoded, in ticks since the start of the file. */
  readonly decodeTicks: number;
  readonly samples: readonly Sample[];
  readonly sound?: readonly SoundRun[] | undefined;
}

/** Sample flags (§8.8.3.1): depends on no other; depends on others and is no place to start. */
export const keyFlags = 0x02000000;
const deltaFlags = 0x01010000;
const runFlags = 0x000f01;
const soundRunFlags = 0x000301;
const defaultBaseIsMoof = 0x020000;
const unknownTables = ['stts', 'stsc', 'stco'] as const;

/** The head of a file of fragments: what a decoder needs, and no picture yet (§8.8). `config` is that of its sound. */
export function fragmentedHead(facts: TrackFacts, config?: Buffer): Buffer {
  const tables = Buffer.concat([
    ...unknownTables.map((type) => fullBox(type, 0, u32(0))),
    fullBox('stsz', 0, u32(0, 0)),
  ]);
  const { startedAt } = facts;
  const sound = config && soundTrack({ config, startedAt, durationTicks: 0, delayTicks: 0 }, tables);
  const tracks = sound ? [1, 2] : [1];
  const after = box('mvex', ...tracks.map((id) => fullBox('trex', 0, u32(id, 1, 0, 0, 0))));
  return Buffer.concat([fileType(), movie(facts, { tables, sound, after })]);
}

/** Pictures and their sound as one `moof` and `mdat` (§8.8.4): whole on disk it plays, torn it is cut off. */
export function fragmentBytes({ sequence, decodeTicks, samples, sound = [] }: Fragment): Buffer {
  const rows = samples.map(({ data, key, durationTicks, offsetTicks }) =>
    u32(durationTicks, data.length, key ? keyFlags : deltaFlags, offsetTicks),
  );
  const pictureBytes = sizeOf(samples);
  const moof = (dataOffset: number) => {
    const run = fullBox('trun', 0x01000000 | runFlags, u32(samples.length, dataOffset), ...rows);
    const times = fullBox('tfdt', 0x01000000, u64(decodeTicks));
    const pictures = box('traf', fullBox('tfhd', defaultBaseIsMoof, u32(1)), times, run);
    return box('moof', fullBox('mfhd', 0, u32(sequence)), pictures, ...soundRuns(sound, dataOffset + pictureBytes));
  };
  const { length } = moof(0);
  const all = [...samples, ...sound.flatMap((run) => run.samples)];
  const mdat = [u32(sizeOf(all) + 8), Buffer.from('mdat'), ...all.map(({ data }) => data)];
  return Buffer.concat([moof(length + 8), ...mdat]);
}

/** A `traf` for each run (§8.8.6 allows several of one track). */
function soundRuns(sound: readonly SoundRun[], dataOffset: number): Buffer[] {
  let at = dataOffset;
  return sound.map(({ decodeTicks, samples }) => {
    const rows = samples.map(({ data, durationTicks }) => u32(durationTicks, data.length));
    const run = fullBox('trun', soundRunFlags, u32(samples.length, at), ...rows);
    at += sizeOf(samples);
    const times = fullBox('tfdt', 0x01000000, u64(decodeTicks));
    return box('traf', fullBox('tfhd', defaultBaseIsMoof, u32(2)), times, run);
  });
}

const sizeOf = (samples: readonly { readonly data: Buffer }[]) =>
  samples.reduce((sum, { data }) => sum + data.length, 0);

/** The NAL units of a picture, each with its length in front (ISO/IEC 14496-15 §5.3.3.1.2 with 4 bytes). */
export function withLengths(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [u32(nal.length), nal]));
}
