import { readFile } from 'node:fs/promises';
import type { ClipSound } from './clip-sound.ts';
import { boxAt, boxBody, eachBox } from './mp4-box.ts';
import { parameterSetsOf } from './mp4-parameter-sets.ts';
import { soundOf } from './mp4-sound.ts';

/** Ticks of the RTP video clock in a second (RFC 6184 §8.2.1). */
export const clockRate = 90_000;

/** One access unit in decoding order; times are 90 kHz ticks from the start of the clip. */
export interface ClipFrame {
  readonly nals: readonly Buffer[];
  readonly key: boolean;
  readonly decodeTicks: number;
  readonly presentationTicks: number;
}

/** A short film held in memory, cut into access units. */
export interface Clip {
  readonly codec: 'h264' | 'h265';
  readonly width: number;
  readonly height: number;
  /** SPS and PPS, or VPS, SPS and PPS. */
  readonly parameterSets: readonly Buffer[];
  readonly durationTicks: number;
  readonly frames: readonly ClipFrame[];
  /** The AAC track of the file, when it has one. */
  readonly sound?: ClipSound;
}

/** Reads the video track of a plain (not fragmented) MP4 file (ISO/IEC 14496-12 §8). Throws when it has none. */
export async function readClip(path: string): Promise<Clip> {
  const file = await readFile(path);
  const track = findTrack(file, 'vmhd');
  if (!track) throw new Error(`${path}: no H.264 or H.265 track in a plain MP4`);
  const { stbl, timescale } = track;
  const entry = sampleEntry(stbl, path);
  const ticks = (value: number) => Math.round((value * clockRate) / timescale);
  const times = decodeTimes(stbl);
  const offsets = compositionOffsets(stbl);
  const keys = keySamples(stbl);
  const frames = samples(file, stbl).map((sample, index) => ({
    nals: splitNals(sample, entry.lengthSize),
    key: keys === undefined || keys.has(index + 1),
    decodeTicks: ticks(times[index] ?? 0),
    presentationTicks: ticks((times[index] ?? 0) + (offsets[index] ?? 0)),
  }));
  const heard = findTrack(file, 'smhd');
  const sound = heard && soundOf(heard.stbl, samples(file, heard.stbl));
  return { ...entry, durationTicks: ticks(times.at(-1) ?? 0), frames, ...(sound && { sound }) };
}

/** `vmhd` marks a track of pictures, `smhd` one of sound (ISO/IEC 14496-12 §8.4.5). */
function findTrack(file: Buffer, mark: 'vmhd' | 'smhd'): { stbl: Buffer; timescale: number } | undefined {
  const moov = boxBody(file, 'moov');
  for (const trak of moov ? eachBox(moov) : []) {
    const mdhd = boxAt(trak.body, ['mdia', 'mdhd']);
    const stbl = boxAt(trak.body, ['mdia', 'minf', 'stbl']);
    const isWanted = boxAt(trak.body, ['mdia', 'minf', mark]) !== undefined;
    if (trak.type === 'trak' && isWanted && mdhd && stbl) {
      return { stbl, timescale: mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12) };
    }
  }
  return undefined;
}

/** VisualSampleEntry: 78 bytes before its child boxes (ISO/IEC 14496-12 §12.1.3). */
function sampleEntry(stbl: Buffer, path: string) {
  const [entry] = eachBox(boxBody(stbl, 'stsd')?.subarray(8) ?? Buffer.alloc(0));
  const sets = entry && parameterSetsOf(entry.body.subarray(78));
  if (!sets) throw new Error(`${path}: neither avcC nor hvcC in the sample description`);
  return { ...sets, width: entry.body.readUInt16BE(24), height: entry.body.readUInt16BE(26) };
}

/** The rows of a full box that starts with a count: each `width` bytes, after `skip` bytes of version and flags. */
function rows(stbl: Buffer, type: string, width: number): Buffer[] {
  const body = boxBody(stbl, type);
  if (!body) return [];
  const count = body.readUInt32BE(4);
  return Array.from({ length: count }, (_, index) => body.subarray(8 + index * width, 8 + (index + 1) * width));
}

/** One time a sample, and one more: the end of the last. */
function decodeTimes(stbl: Buffer): number[] {
  const times = [0];
  for (const row of rows(stbl, 'stts', 8)) {
    for (let left = row.readUInt32BE(0); left > 0; left -= 1) times.push((times.at(-1) ?? 0) + row.readUInt32BE(4));
  }
  return times;
}

function compositionOffsets(stbl: Buffer): number[] {
  const all = rows(stbl, 'ctts', 8).flatMap((row) => Array<number>(row.readUInt32BE(0)).fill(row.readInt32BE(4)));
  const least = all.reduce((low, offset) => Math.min(low, offset), all[0] ?? 0);
  return all.map((offset) => offset - least);
}

function keySamples(stbl: Buffer): Set<number> | undefined {
  if (!boxBody(stbl, 'stss')) return undefined;
  return new Set(rows(stbl, 'stss', 4).map((row) => row.readUInt32BE(0)));
}

function samples(file: Buffer, stbl: Buffer): Buffer[] {
  const sizes = sampleSizes(stbl);
  const out: Buffer[] = [];
  for (const { offset, count } of chunks(stbl)) {
    let at = offset;
    for (const size of sizes.slice(out.length, out.length + count)) {
      out.push(file.subarray(at, at + size));
      at += size;
    }
  }
  return out;
}

function sampleSizes(stbl: Buffer): number[] {
  const stsz = boxBody(stbl, 'stsz') ?? Buffer.alloc(12);
  const same = stsz.readUInt32BE(4);
  return Array.from({ length: stsz.readUInt32BE(8) }, (_, index) => same || stsz.readUInt32BE(12 + index * 4));
}

function chunks(stbl: Buffer): { offset: number; count: number }[] {
  const short = rows(stbl, 'stco', 4).map((row) => row.readUInt32BE(0));
  const offsets = short.length > 0 ? short : rows(stbl, 'co64', 8).map((row) => Number(row.readBigUInt64BE(0)));
  const runs = rows(stbl, 'stsc', 12).map((row) => ({ first: row.readUInt32BE(0), count: row.readUInt32BE(4) }));
  return offsets.map((offset, index) => ({
    offset,
    count: runs.findLast(({ first }) => first <= index + 1)?.count ?? 1,
  }));
}

function splitNals(sample: Buffer, lengthSize: number): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + lengthSize <= sample.length; ) {
    const size = sample.readUIntBE(at, lengthSize);
    nals.push(sample.subarray(at + lengthSize, at + lengthSize + size));
    at += lengthSize + size;
  }
  return nals;
}
