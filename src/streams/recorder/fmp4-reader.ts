import { AppError } from '../../shared/app-error.ts';
import type { Codec, ParameterSets } from '../rtp/nal.ts';
import { boxAt, boxesOf } from './mp4-box.ts';
import { soundConfigOf } from './mp4-sound.ts';
import { parameterSetsOf } from './parameter-record.ts';

/** Where bytes are read from: an open file. Resolves with fewer bytes only at its end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** A picture in a file; times are 90 kHz ticks since the start of the file. */
export interface StoredSample {
  readonly offset: number;
  readonly size: number;
  readonly key: boolean;
  readonly decodeTicks: number;
  readonly offsetTicks: number;
  readonly durationTicks: number;
}

/** A frame of AAC in a file. */
export interface StoredSound {
  readonly offset: number;
  readonly size: number;
  readonly decodeTicks: number;
  readonly durationTicks: number;
}

/** What a recorded file holds, up to its last whole fragment. */
export interface StoredSegment {
  readonly codec: Codec;
  readonly sets: ParameterSets;
  readonly samples: readonly StoredSample[];
  /** Absent in a file without sound; `config` is its AudioSpecificConfig. */
  readonly sound?: { readonly config: Buffer; readonly frames: readonly StoredSound[] };
  /** Where the last whole fragment ends; what follows was torn by a crash. */
  readonly intactBytes: number;
  /** When the last picture ends. */
  readonly endTicks: number;
}

/** The head of a recorded file is missing or damaged: no picture of it can be shown. */
export class RecordingDamagedError extends AppError {
  readonly code = 'RECORDING_DAMAGED';

  constructor() {
    super('The head of a recorded file cannot be read.');
  }
}

const headBytes = 16 * 1024;
/** Enough for the head of a fragment of 250 pictures and the header of its data, in one read. */
const peekBytes = 4 * 1024;
const maxMoofBytes = 1024 * 1024;
const nonKeyFlag = 0x010000;
const pictureRowBytes = 16;
const soundRowBytes = 8;

/** Reads the whole fragments of a file of ours, never its pictures. Throws RecordingDamagedError. */
export async function readSegment(readAt: ReadAt): Promise<StoredSegment> {
  const head = readHead(await readAt(0, headBytes));
  const samples: StoredSample[] = [];
  const frames: StoredSound[] = [];
  let at = head.bytes;
  for (;;) {
    const fragment = await readFragment(readAt, at);
    if (!fragment) break;
    samples.push(...fragment.samples);
    frames.push(...fragment.frames);
    at = fragment.end;
  }
  const endTicks = samples.reduce((end, sample) => Math.max(end, sample.decodeTicks + sample.durationTicks), 0);
  const sound = head.config && { config: head.config, frames };
  return { codec: head.codec, sets: head.sets, samples, ...(sound && { sound }), intactBytes: at, endTicks };
}

function readHead(bytes: Buffer) {
  let end = 0;
  for (const { type, body } of boxesOf(bytes)) {
    end += body.length + 8;
    if (type !== 'moov') continue;
    const entries = boxAt(body, ['trak', 'mdia', 'minf', 'stbl', 'stsd'])?.subarray(8);
    const description = entries && describe(entries);
    if (description) return { ...description, config: soundConfigOf(body), bytes: end };
    break;
  }
  throw new RecordingDamagedError();
}

function describe(entries: Buffer): { codec: Codec; sets: ParameterSets } | undefined {
  const [entry] = boxesOf(entries);
  const codec = entry?.type === 'hvc1' ? 'h265' : 'h264';
  const record = entry && boxAt(entry.body.subarray(78), [codec === 'h264' ? 'avcC' : 'hvcC']);
  const sets = record && parameterSetsOf(codec, record);
  return sets && { codec, sets };
}

interface ReadFragment {
  readonly samples: StoredSample[];
  readonly frames: StoredSound[];
  readonly end: number;
}

/** Undefined at the end of the file, and for a fragment that is not whole. */
async function readFragment(readAt: ReadAt, at: number): Promise<ReadFragment | undefined> {
  let bytes = await readAt(at, peekBytes);
  if (bytes.length < 8 || bytes.toString('latin1', 4, 8) !== 'moof') return undefined;
  const moofBytes = bytes.readUInt32BE(0);
  if (moofBytes > maxMoofBytes) return undefined;
  if (moofBytes + 8 > bytes.length) bytes = await readAt(at, moofBytes + 8);
  if (moofBytes + 8 > bytes.length || bytes.toString('latin1', moofBytes + 4, moofBytes + 8) !== 'mdat')
    return undefined;
  const end = at + moofBytes + bytes.readUInt32BE(moofBytes);
  const runs = runsOf(bytes.subarray(8, moofBytes), at + moofBytes + 8);
  if (runs?.end !== end) return undefined;
  const tail = await readAt(end - 1, 1);
  return tail.length === 1 ? { ...runs, end } : undefined;
}

/** The pictures of a fragment, and its sound after them. */
function runsOf(moof: Buffer, dataAt: number): ReadFragment | undefined {
  const [pictures, ...sounds] = [...boxesOf(moof)].filter(({ type }) => type === 'traf');
  const samples = pictures && samplesOf(pictures.body, dataAt);
  const last = samples?.at(-1);
  if (!samples || !last) return undefined;
  const frames: StoredSound[] = [];
  let end = last.offset + last.size;
  for (const { body } of sounds) {
    const run = soundOf(body, end);
    if (!run) return undefined;
    frames.push(...run);
    end = run.reduce((sum, { size }) => sum + size, end);
  }
  return { samples, frames, end };
}

function soundOf(traf: Buffer, dataAt: number): StoredSound[] | undefined {
  const run = runOf(traf, soundRowBytes);
  if (!run) return undefined;
  let [offset, decodeTicks] = [dataAt, run.decodeTicks];
  return run.rows.map((row) => {
    const frame = { offset, size: row.readUInt32BE(4), decodeTicks, durationTicks: row.readUInt32BE(0) };
    offset += frame.size;
    decodeTicks += frame.durationTicks;
    return frame;
  });
}

/** A `trun` of rows of so many bytes, and when it begins. */
function runOf(traf: Buffer, rowBytes: number): { decodeTicks: number; rows: Buffer[] } | undefined {
  const times = boxAt(traf, ['tfdt']);
  const run = boxAt(traf, ['trun']);
  if (times?.length !== 12 || !run || run.length < 12) return undefined;
  const count = run.readUInt32BE(4);
  if (run.length !== 12 + count * rowBytes) return undefined;
  const rows = Array.from({ length: count }, (_, index) => run.subarray(12 + index * rowBytes));
  return { decodeTicks: Number(times.readBigUInt64BE(4)), rows };
}

/** The rows of `trun` (ISO/IEC 14496-12 §8.8.8) as `fragmentBytes` writes them. */
function samplesOf(traf: Buffer, dataAt: number): StoredSample[] | undefined {
  const run = runOf(traf, pictureRowBytes);
  if (!run) return undefined;
  let [offset, decodeTicks] = [dataAt, run.decodeTicks];
  return run.rows.map((row) => {
    const sample: StoredSample = {
      offset,
      size: row.readUInt32BE(4),
      key: (row.readUInt32BE(8) & nonKeyFlag) === 0,
      decodeTicks,
      offsetTicks: row.readInt32BE(12),
      durationTicks: row.readUInt32BE(0),
    };
    decodeTicks += sample.durationTicks;
    offset += sample.size;
    return sample;
  });
}

/** The NAL units of a picture as it lies in the file; views. Ends silently at a length that leads outside. */
export function nalsOf(data: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let at = 0;
  while (at + 4 <= data.length) {
    const end = at + 4 + data.readUInt32BE(at);
    if (end > data.length) break;
    nals.push(data.subarray(at + 4, end));
    at = end;
  }
  return nals;
}
