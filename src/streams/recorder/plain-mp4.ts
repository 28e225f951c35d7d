import type { Codec, ParameterSets } from '../rtp/nal.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { fullBox, u32, u32s, u64 } from './mp4-box.ts';
import { soundTrack } from './mp4-sound.ts';
import { fileType, movie } from './mp4-track.ts';

/** A picture of a plain file; times are 90 kHz ticks. */
export interface PlainSample {
  readonly size: number;
  readonly key: boolean;
  readonly durationTicks: number;
  readonly offsetTicks: number;
}

/** A frame of sound of a plain file. */
export interface PlainSound {
  readonly size: number;
  /** When it is heard. */
  readonly clipTicks: number;
  readonly durationTicks: number;
}

/** What lies side by side in a file: so many pictures, or frames of sound. */
export interface PlainChunk {
  readonly of: 'picture' | 'sound';
  readonly count: number;
  readonly bytes: number;
}

export interface PlainMovie {
  readonly codec: Codec;
  readonly sets: ParameterSets;
  readonly startedAt: Date;
  readonly samples: readonly PlainSample[];
  /** `config` is its AudioSpecificConfig. */
  readonly sound?: { readonly config: Buffer; readonly frames: readonly PlainSound[] } | undefined;
  /** In the order in which they follow the head. */
  readonly chunks: readonly PlainChunk[];
}

/** All of a plain MP4 in front of its chunks (ISO/IEC 14496-12 §8.6, §8.7). */
export function plainHead({ codec, sets, startedAt, samples, sound, chunks }: PlainMovie): Buffer {
  const format = readVideoFormat(codec, sets.sps);
  const durationTicks = samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
  const facts = { sets, format, startedAt, durationTicks };
  const type = fileType();
  const build = (dataAt: number) => {
    const tables = Buffer.concat([pictureTables(samples), ...chunkTables('picture', chunks, dataAt)]);
    return movie(facts, { tables, sound: sound && soundOf({ ...sound, startedAt }, chunks, dataAt) });
  };
  const dataAt = type.length + build(0).length + 16;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 16);
  return Buffer.concat([type, build(dataAt), u32(1), Buffer.from('mdat'), u64(bytes)]);
}

function pictureTables(samples: readonly PlainSample[]): Buffer {
  const keys = samples.flatMap(({ key }, index) => (key ? [index + 1] : []));
  return Buffer.concat([
    runs(
      'stts',
      0,
      samples.map(({ durationTicks }) => durationTicks),
    ),
    runs(
      'ctts',
      0x01000000,
      samples.map(({ offsetTicks }) => offsetTicks),
    ),
    fullBox('stss', 0, u32(keys.length), u32s(keys)),
    sizes(samples),
  ]);
}

interface SoundFacts {
  readonly config: Buffer;
  readonly frames: readonly PlainSound[];
  readonly startedAt: Date;
}

/** A frame lasts until the next one is heard. */
function soundOf({ config, frames, startedAt }: SoundFacts, chunks: readonly PlainChunk[], dataAt: number): Buffer {
  const durations = frames.map(
    ({ clipTicks, durationTicks }, index) => (frames[index + 1]?.clipTicks ?? clipTicks + durationTicks) - clipTicks,
  );
  const delayTicks = frames[0]?.clipTicks ?? 0;
  const durationTicks = durations.reduce((sum, ticks) => sum + ticks, 0);
  const tables = [runs('stts', 0, durations), sizes(frames), ...chunkTables('sound', chunks, dataAt)];
  return soundTrack({ config, startedAt, durationTicks, delayTicks }, Buffer.concat(tables));
}

/** Where the chunks of a track lie and how much is in each; 64-bit places, an hour may be more than 4 GiB. */
function chunkTables(of: PlainChunk['of'], chunks: readonly PlainChunk[], dataAt: number): Buffer[] {
  let at = dataAt;
  const own: { at: number; count: number }[] = [];
  for (const chunk of chunks) {
    if (chunk.of === of) own.push({ at, count: chunk.count });
    at += chunk.bytes;
  }
  const rows = own.flatMap(({ count }, index) => (own[index - 1]?.count === count ? [] : [index + 1, count, 1]));
  return [
    fullBox('stsc', 0, u32(rows.length / 3), u32s(rows)),
    fullBox('co64', 0, u32(own.length), Buffer.concat(own.map((chunk) => u64(chunk.at)))),
  ];
}

const sizes = (samples: readonly { readonly size: number }[]) =>
  fullBox('stsz', 0, u32(0, samples.length), u32s(samples.map(({ size }) => size)));

/** Rows of a count and a value. */
function runs(type: string, version: number, values: readonly number[]): Buffer {
  const rows: [number, number][] = [];
  for (const value of values) {
    const last = rows.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else rows.push([1, value]);
  }
  return fullBox(type, version, u32(rows.length), u32s(rows.flat()));
}
