import { calibrate } from './calibration.ts';
import type { CalibrationPair } from './homography.ts';

/** Fewer than these without the suspect agree whatever they say. */
const fewestWitnesses = 5;

export interface SuspectPair {
  readonly index: number;
  /** What the worst of the others is off by without it. */
  readonly othersMeters: number;
}

/** The pair without which the others agree best; undefined when there are too few to tell, or none is to blame alone. */
export function suspectPair(pairs: readonly CalibrationPair[]): SuspectPair | undefined {
  if (pairs.length <= fewestWitnesses) return undefined;
  const [best] = pairs
    .flatMap((_, index): SuspectPair[] => {
      const others = calibrate(pairs.toSpliced(index, 1));
      return others.type === 'calibrated' ? [{ index, othersMeters: Math.max(...others.residuals) }] : [];
    })
    .toSorted((a, b) => a.othersMeters - b.othersMeters);
  return best;
}
