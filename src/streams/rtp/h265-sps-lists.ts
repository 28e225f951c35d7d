import type { BitReader } from './bit-reader.ts';

/** H.265 §7.3.4: read past, never kept. */
export function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size += 1) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) skipScalingList(reader, size);
  }
}

function skipScalingList(reader: BitReader, size: number): void {
  if (!reader.flag()) {
    reader.unsigned();
    return;
  }
  if (size > 1) reader.signed();
  const coefficients = Math.min(64, 1 << (4 + (size << 1)));
  for (let index = 0; index < coefficients; index += 1) reader.signed();
}

/** H.265 §7.3.7, all of an SPS; the number of pictures in a set is needed to read a set predicted from it. */
export function skipReferenceSets(reader: BitReader): void {
  const count = reader.unsigned();
  if (count > 64) throw new RangeError('more than 64 reference picture sets');
  let pictures = 0;
  for (let index = 0; index < count; index += 1) {
    const predicted = index > 0 && reader.flag();
    pictures = predicted ? skipPredictedSet(reader, pictures) : skipExplicitSet(reader);
  }
}

function skipPredictedSet(reader: BitReader, pictures: number): number {
  reader.skip(1);
  reader.unsigned();
  let kept = 0;
  for (let index = 0; index <= pictures; index += 1) {
    const used = reader.flag();
    if (used || reader.flag()) kept += 1;
  }
  return kept;
}

function skipExplicitSet(reader: BitReader): number {
  const count = reader.unsigned() + reader.unsigned();
  if (count > 32) throw new RangeError('a reference picture set of more than 32 pictures');
  for (let index = 0; index < count; index += 1) {
    reader.unsigned();
    reader.skip(1);
  }
  return count;
}
