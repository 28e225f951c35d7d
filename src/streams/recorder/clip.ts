import { Readable } from 'node:stream';
import { AppError } from '../../shared/app-error.ts';
import type { CameraSpan, Recording } from '../../store/recordings-repository.ts';
import { chunksOf, type LaidPiece, partsOf } from './clip-layout.ts';
import { placeSound } from './clip-sound.ts';
import { readSegment, type StoredSample, type StoredSegment } from './fmp4-reader.ts';
import { withLengths } from './fmp4-writer.ts';
import { NothingRecordedError } from './nothing-recorded-error.ts';
import { sameSets } from './parameter-record.ts';
import { type PlainSample, plainHead } from './plain-mp4.ts';
import type { Disk } from './recording-disk.ts';
import { keyIndexBefore, takenAt } from './stored-pictures.ts';

/** A piece of a recording as one plain MP4 file, never encoded again. */
export interface Clip {
  /** When its first picture was taken: the key picture at the asked time or right before it. */
  readonly from: Date;
  readonly to: Date;
  /** Pauses that are left out: the pictures after one follow those before directly. */
  readonly gaps: number;
  readonly bytes: number;
  /** Reads from the disk as it is read; destroy it to stop. */
  stream(): Readable;
  /** Nobody is going to read it: its turn is for somebody else. */
  leave(): void;
}

export class ClipSpanError extends AppError {
  readonly code = 'CLIP_SPAN';
  override readonly statusCode = 400;

  constructor() {
    super('A clip needs a from before its to, and at most an hour between them.');
  }
}

export const maxClipMs = 3_600_000;
/** More files than an hour has even in parts of ten seconds. */
export const maxClipFiles = 1_000;
const seamMs = 250;

interface Piece {
  readonly recording: Recording;
  readonly segment: StoredSegment;
  readonly samples: readonly StoredSample[];
  /** Parameter sets that go in front of its first picture, when they differ from those of the first piece. */
  readonly prefix: Buffer;
}

/** Reads what the files hold, not their pictures. Throws NothingRecordedError. */
export async function planClip(
  disk: Disk,
  recordings: readonly Recording[],
  { from, to }: CameraSpan,
): Promise<Omit<Clip, 'leave'>> {
  const pieces: Piece[] = [];
  for (const recording of recordings) {
    const piece = await readPiece(disk, recording, { from, to, first: pieces[0] });
    if (piece === 'other codec') break;
    if (piece) pieces.push(piece);
  }
  const first = pieces[0];
  const last = pieces.at(-1);
  const [firstSample] = first?.samples ?? [];
  const lastSample = last?.samples.at(-1);
  if (!first || !last || !firstSample || !lastSample) throw new NothingRecordedError();
  const startedAt = takenAt(first.recording, firstSample);
  const samples = pieces.flatMap(plainSamples);
  const config = pieces.find(({ segment }) => segment.sound)?.segment.sound?.config;
  const laid = layPieces(pieces, config);
  const frames = laid.flatMap((piece) => piece.frames);
  const sound = config && frames.length > 0 ? { config, frames } : undefined;
  const { codec, sets } = first.segment;
  const head = plainHead({ codec, sets, startedAt, samples, sound, chunks: chunksOf(laid) });
  return {
    from: startedAt,
    to: new Date(takenAt(last.recording, lastSample).getTime() + Math.round(lastSample.durationTicks / 90)),
    gaps: gapsOf(pieces),
    bytes: [...samples, ...frames].reduce((sum, { size }) => sum + size, head.length),
    stream: () => Readable.from(bytesOf(disk, head, laid), { objectMode: false }),
  };
}

interface PieceQuestion {
  readonly from: Date;
  readonly to: Date;
  readonly first: Piece | undefined;
}

/** Undefined for a file that holds nothing of the span, is gone meanwhile or damaged: what is left is still a clip. */
async function readPiece(
  disk: Disk,
  recording: Recording,
  question: PieceQuestion,
): Promise<Piece | 'other codec' | undefined> {
  const { from, to, first } = question;
  const segment = await readQuietly(disk, recording);
  if (!segment) return undefined;
  if (first && first.segment.codec !== segment.codec) return 'other codec';
  const start = keyIndexBefore(recording, segment.samples, from);
  const end = segment.samples.findLastIndex((sample) => takenAt(recording, sample) < to);
  const samples = segment.samples.slice(start, end + 1);
  if (samples.length === 0) return undefined;
  const { vps, sps, pps } = segment.sets;
  const same = !first || sameSets(first.segment.sets, segment.sets);
  const prefix = same ? Buffer.alloc(0) : withLengths([...(vps ? [vps] : []), sps, ...pps]);
  return { recording, segment, samples, prefix };
}

async function readQuietly(disk: Disk, recording: Recording): Promise<StoredSegment | undefined> {
  try {
    await using file = await disk.open(recording.file);
    return await readSegment(file.read);
  } catch {
    return undefined;
  }
}

const maxHoleTicks = 2 * 90_000;

function plainSamples({ samples, prefix }: Piece): (StoredSample & PlainSample)[] {
  return samples.map((sample, index) => ({
    ...sample,
    size: sample.size + (index === 0 ? prefix.length : 0),
    durationTicks: Math.min(sample.durationTicks, maxHoleTicks),
  }));
}

interface LaidFile extends LaidPiece {
  readonly recording: Recording;
}

/** With the sound of their pictures, as far as it is coded as the clip's. */
function layPieces(pieces: readonly Piece[], config: Buffer | undefined): LaidFile[] {
  let startTicks = 0;
  return pieces.map((piece) => {
    const { recording, segment, prefix } = piece;
    const sound = config && segment.sound?.config.equals(config) ? segment.sound.frames : [];
    const samples = plainSamples(piece);
    const frames = placeSound({ samples, frames: sound }, startTicks);
    startTicks += samples.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
    return { recording, samples: piece.samples, frames, prefix };
  });
}

async function* bytesOf(
  disk: Disk,
  head: Buffer,
  pieces: readonly LaidFile[],
): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  for (const piece of pieces) {
    await using file = await disk.open(piece.recording.file);
    for (const part of partsOf(piece)) {
      const bytes = Buffer.isBuffer(part) ? part : await file.read(part.offset, part.size);
      if (!Buffer.isBuffer(part) && bytes.length < part.size) throw new NothingRecordedError();
      yield bytes;
    }
  }
}

/** Between files, and within them. */
function gapsOf(pieces: readonly Piece[]): number {
  const between = pieces.filter(({ recording }, index) => {
    const before = pieces[index - 1]?.recording;
    return before !== undefined && recording.startedAt.getTime() - before.endedAt.getTime() > seamMs;
  });
  const within = pieces.flatMap(({ samples }) => samples.filter(({ durationTicks }) => durationTicks > maxHoleTicks));
  return between.length + within.length;
}
