import { distanceMeters } from './distance.ts';
import { type CalibrationPair, clickPixels, framesOf, toNominal } from './homography.ts';
import { localFrame } from './local-frame.ts';
import { breadthOf } from './plane-frame.ts';

const fewestPairs = 4;
/** Closer than a pixel or a hand's breadth, two pairs are one. */
const sameMeters = 0.1;
/** Points that scatter less across their line than this say nothing about what lies beside it. */
const leastBreadth = { pixels: 4, meters: 0.5 };

/** Why pairs say nothing about a camera, as far as it shows before anything is computed. */
export function degeneracyOf(pairs: readonly CalibrationPair[]): string | undefined {
  if (pairs.length < fewestPairs) return `expected at least ${fewestPairs} pairs, not ${pairs.length}`;
  if (!pairs.every(({ pixel, lat, lon }) => [...pixel, lat, lon].every(Number.isFinite)))
    return 'expected numbers only';
  return repetition(pairs) ?? narrowness(pairs);
}

function repetition(pairs: readonly CalibrationPair[]): string | undefined {
  for (const [index, pair] of pairs.entries())
    for (const [earlier, other] of pairs.slice(0, index).entries()) {
      const [[x, y], [u, v]] = [toNominal(pair.pixel), toNominal(other.pixel)];
      const both = `pairs ${earlier + 1} and ${index + 1} are the same point`;
      if (Math.hypot(x - u, y - v) < clickPixels) return `${both} of the picture`;
      if (distanceMeters(pair, other) < sameMeters) return `${both} of the ground`;
    }
  return undefined;
}

function narrowness(pairs: readonly CalibrationPair[]): string | undefined {
  const { toLocal } = localFrame(framesOf(pairs).origin);
  if (breadthOf(pairs.map(({ pixel }) => toNominal(pixel))) < leastBreadth.pixels)
    return 'the points lie on one line of the picture; take some beside it';
  if (breadthOf(pairs.map(toLocal)) < leastBreadth.meters)
    return 'the points lie on one line of the ground; take some beside it';
  return undefined;
}
