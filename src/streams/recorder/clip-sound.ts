import type { StoredSample, StoredSound } from './fmp4-reader.ts';

/** A frame with its place in a clip whose pauses are left out, 90 kHz ticks. */
export interface PlacedSound extends StoredSound {
  readonly clipTicks: number;
}

export interface SoundedPiece {
  /** The pictures of the piece in the order of the file, none longer than they are shown in the clip. */
  readonly samples: readonly Pick<StoredSample, 'decodeTicks' | 'durationTicks'>[];
  readonly frames: readonly StoredSound[];
}

/** The sound that belongs to the pictures of a piece that begins at `startTicks` of the clip; what is left out is silent. */
export function placeSound({ samples, frames }: SoundedPiece, startTicks: number): PlacedSound[] {
  const placed: PlacedSound[] = [];
  let pictureTicks = startTicks;
  let index = 0;
  let freeTicks = startTicks;
  for (const frame of frames) {
    for (let next = samples[index + 1]; next && next.decodeTicks <= frame.decodeTicks; next = samples[index + 1]) {
      pictureTicks += samples[index]?.durationTicks ?? 0;
      index += 1;
    }
    const picture = samples[index];
    const after = frame.decodeTicks - (picture?.decodeTicks ?? 0);
    const clipTicks = Math.max(pictureTicks + after, freeTicks);
    const fits = picture && after >= 0 && after < picture.durationTicks;
    if (!fits || clipTicks - pictureTicks - after > frame.durationTicks / 2) continue;
    placed.push({ ...frame, clipTicks });
    freeTicks = clipTicks + frame.durationTicks;
  }
  return placed;
}
