import { calibrate } from '../../../src/gis/calibration.ts';
import type { CalibrationPair, Homography, PicturePoint } from '../../../src/gis/homography.ts';
import { fewestPairs, type PairRefusal } from '../../../src/gis/pair-set.ts';
import { suspectPair } from '../../../src/gis/suspect-pair.ts';
import type { Position } from '../api/shapes.ts';

/** What has been clicked so far: whole pairs, and a point of the picture that waits for its place on the map. */
export interface PairDraft {
  readonly pairs: readonly CalibrationPair[];
  readonly waiting?: PicturePoint;
}

export const emptyDraft: PairDraft = { pairs: [] };
const mostPairs = 32;

/** Clicked in the picture; a point that still waited is replaced. */
export function onPicture(draft: PairDraft, pixel: PicturePoint): PairDraft {
  return draft.pairs.length < mostPairs ? { ...draft, waiting: pixel } : draft;
}

/** Clicked on the map: says nothing unless a point of the picture waits. */
export function onMap({ pairs, waiting }: PairDraft, { lat, lon }: Position): PairDraft {
  return waiting ? { pairs: [...pairs, { pixel: waiting, lat, lon }] } : { pairs };
}

export function without(draft: PairDraft, index: number): PairDraft {
  return { ...draft, pairs: draft.pairs.toSpliced(index, 1) };
}

/** What the pairs are worth so far; `suspect` is the pair without which the others agree much better, counted from 0. */
export type Judgement =
  | { readonly phase: 'few'; readonly missing: number }
  | { readonly phase: 'refused'; readonly fault: PairRefusal['fault']; readonly suspect: number | undefined }
  | {
      readonly phase: 'fits';
      readonly homography: Homography;
      /** Metres, one a pair. */
      readonly residuals: readonly number[];
      readonly suspect: number | undefined;
    };

/** From here on a pair is looked for that may be wrong. */
const suspectMeters = 2;

export function judge(pairs: readonly CalibrationPair[]): Judgement {
  if (pairs.length < fewestPairs) return { phase: 'few', missing: fewestPairs - pairs.length };
  const calibration = calibrate(pairs);
  const suspect = suspectPair(pairs);
  if (calibration.type === 'refused') return { phase: 'refused', fault: calibration.fault, suspect: suspect?.index };
  const { homography, residuals } = calibration;
  const off = Math.max(...residuals);
  const blamed = suspect && off > suspectMeters && suspect.othersMeters < off / 3 ? suspect.index : undefined;
  return { phase: 'fits', homography, residuals, suspect: blamed };
}
