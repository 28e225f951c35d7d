import { distanceMeters } from './distance.ts';
import { type CalibrationPair, clickPixels, framesOf, toNominal } from './homography.ts';
import { localFrame } from './local-frame.ts';
import { breadthOf } from './plane-frame.ts';

/** What may be wrong with pairs: too few, no numbers, the same one twice, on a line, too near the sky, exchanged, mirrored, at odds. */
export const pairFaults = [
  'few',
  'numbers',
  'repeated',
  'line',
  'horizon',
  'exchanged',
  'mirrored',
  'disagree',
] as const;

/** Why pairs are refused: one word for who translates, a sentence for who reads it as it is. */
export interface PairRefusal {
  readonly fault: (typeof pairFaults)[number];
  readonly reason: string;
}

export const refusal = (fault: PairRefusal['fault'], reason: string): PairRefusal => ({ fault, reason });

export const fewestPairs = 4;
/** Closer than a pixel or a hand's breadth, two pairs are one. */
const sameMeters = 0.1;
/** Points that scatter less across their line than this say nothing about what lies beside it. */
const leastBreadth = { pixels: 4, meters: 0.5 };

/** Why pairs say nothing about a camera, as far as it shows before anything is computed. */
export function degeneracyOf(pairs: readonly CalibrationPair[]): PairRefusal | undefined {
  if (pairs.length < fewestPairs) return refusal('few', `expected at least ${fewestPairs} pairs, not ${pairs.length}`);
  if (!pairs.every(({ pixel, lat, lon }) => [...pixel, lat, lon].every(Number.isFinite)))
    return refusal('numbers', 'expected numbers only');
  return repetition(pairs) ?? narrowness(pairs);
}

function repetition(pairs: readonly CalibrationPair[]): PairRefusal | undefined {
  for (const [index, pair] of pairs.entries())
    for (const [earlier, other] of pairs.slice(0, index).entries()) {
      const [[x, y], [u, v]] = [toNominal(pair.pixel), toNominal(other.pixel)];
      const both = `pairs ${earlier + 1} and ${index + 1} are the same point`;
      if (Math.hypot(x - u, y - v) < clickPixels) return refusal('repeated', `${both} of the picture`);
      if (distanceMeters(pair, other) < sameMeters) return refusal('repeated', `${both} of the ground`);
    }
  return undefined;
}

function narrowness(pairs: readonly CalibrationPair[]): PairRefusal | undefined {
  const { toLocal } = localFrame(framesOf(pairs).origin);
  if (breadthOf(pairs.map(({ pixel }) => toNominal(pixel))) < leastBreadth.pixels)
    return refusal('line', 'the points lie on one line of the picture; take some beside it');
  if (breadthOf(pairs.map(toLocal)) < leastBreadth.meters)
    return refusal('line', 'the points lie on one line of the ground; take some beside it');
  return undefined;
}
