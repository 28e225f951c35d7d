import type { PlacedSound } from './clip-sound.ts';
import type { StoredSample } from './fmp4-reader.ts';
import type { PlainChunk } from './plain-mp4.ts';

/** What goes from a file into a clip. */
export interface LaidPiece {
  readonly samples: readonly StoredSample[];
  readonly frames: readonly PlacedSound[];
  /** Goes in front of the first picture. */
  readonly prefix: Buffer;
}

export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

interface Item extends ByteRange {
  readonly of: PlainChunk['of'];
}

const readBytes = 256 * 1024;

/** What lies side by side in the clip: pictures and sound in the order of their files, a fragment of each in turn. */
export function chunksOf(pieces: readonly LaidPiece[]): PlainChunk[] {
  const chunks: { of: PlainChunk['of']; count: number; bytes: number }[] = [];
  for (const piece of pieces) {
    const first = piece.samples[0]?.offset;
    for (const { of, offset, size } of itemsOf(piece)) {
      const bytes = size + (offset === first ? piece.prefix.length : 0);
      const last = chunks.at(-1);
      if (last?.of === of) {
        last.count += 1;
        last.bytes += bytes;
      } else chunks.push({ of, count: 1, bytes });
    }
  }
  return chunks;
}

/** The bytes of a piece as the clip has them: ranges of its file, with the prefix at its place. */
export function partsOf(piece: LaidPiece): (ByteRange | Buffer)[] {
  const items = itemsOf(piece);
  const first = items.findIndex(({ of }) => of === 'picture');
  const prefix = piece.prefix.length > 0 ? [piece.prefix] : [];
  return [...rangesOf(items.slice(0, first)), ...prefix, ...rangesOf(items.slice(first))];
}

function itemsOf({ samples, frames }: LaidPiece): Item[] {
  const pictures = samples.map(({ offset, size }): Item => ({ of: 'picture', offset, size }));
  const sound = frames.map(({ offset, size }): Item => ({ of: 'sound', offset, size }));
  return [...pictures, ...sound].sort((a, b) => a.offset - b.offset);
}

/** What lies side by side in the file is read together. */
function rangesOf(items: readonly Item[]): ByteRange[] {
  const ranges: { offset: number; size: number }[] = [];
  for (const { offset, size } of items) {
    const last = ranges.at(-1);
    if (last && last.offset + last.size === offset && last.size + size <= readBytes) last.size += size;
    else ranges.push({ offset, size });
  }
  return ranges;
}
