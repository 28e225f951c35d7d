import type { Codec, ParameterSets } from '../rtp/nal.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { fullBox, u32, u32s, u64 } from './mp4-box.ts';
import { fileType, movie } from './mp4-track.ts';

/** A picture of a plain file; times are 90 kHz ticks. */
export interface PlainSample {
  readonly size: number;
  readonly key: boolean;
  readonly durationTicks: number;
  readonly offsetTicks: number;
}

export interface PlainMovie {
  readonly codec: Codec;
  readonly sets: ParameterSets;
  readonly startedAt: Date;
  readonly samples: readonly PlainSample[];
}

/** All of a plain MP4 in front of its pictures, which follow one after the other (ISO/IEC 14496-12 §8.6, §8.7). */
export function plainHead({ codec, sets, startedAt, samples }: PlainMovie): Buffer {
  const format = readVideoFormat(codec, sets.sps);
  const durationTicks = samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
  const type = fileType();
  const build = (dataAt: number) =>
    movie({ sets, format, startedAt, durationTicks }, { tables: tablesOf(samples, dataAt) });
  const dataAt = type.length + build(0).length + 16;
  const bytes = samples.reduce((sum, { size }) => sum + size, 16);
  return Buffer.concat([type, build(dataAt), u32(1), Buffer.from('mdat'), u64(bytes)]);
}

/** One chunk holds all; its place is a 64-bit one, an hour may be more than 4 GiB. */
function tablesOf(samples: readonly PlainSample[], dataAt: number): Buffer {
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
    fullBox('stsc', 0, u32(1, 1, samples.length, 1)),
    fullBox('stsz', 0, u32(0, samples.length), u32s(samples.map(({ size }) => size))),
    fullBox('co64', 0, u32(1), u64(dataAt)),
  ]);
}

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
