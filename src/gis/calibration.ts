import { distanceMeters } from './distance.ts';
import {
  type CalibrationPair,
  clickPixels,
  framesOf,
  groundPoint,
  type Homography,
  mapMeters,
  toNominal,
} from './homography.ts';
import { localFrame } from './local-frame.ts';
import { degeneracyOf, type PairRefusal, refusal } from './pair-set.ts';
import { type Flat, toFrame } from './plane-frame.ts';
import { determinant, equationsOf, jacobianAt, type PlaneMap, project } from './plane-map.ts';
import { type Eigen, symmetricEigen } from './symmetric-eigen.ts';

/** What a set of pairs makes of a camera: its homography and how many metres each pair is off, or why none. */
export type Calibration =
  | { readonly type: 'calibrated'; readonly homography: Homography; readonly residuals: readonly number[] }
  | ({ readonly type: 'refused' } & PairRefusal);

type Fit = Pick<Homography, 'map' | 'covariance'>;

/** A pair in the frames of the fit. */
interface FramedPair {
  readonly at: Flat;
  readonly ground: Flat;
}

/** Standard errors of a pair in the frames of the fit. */
interface Errors {
  readonly click: number;
  readonly map: number;
}

/** Below this, other numbers fit the pairs as well: all of them but one lie on a line. */
const leastCertainty = 5e-3;
/** Pairs that miss by more times what is expected of them are not those of one camera over flat ground. */
const mostTimesExpected = 15;
const rounds = 6;

/**
 * The homography of a camera from at least 4 pairs: normalised direct linear transformation, least squares, each pair
 * weighed by what a click and a map are right to where it lies. Refuses a set that cannot be a camera above flat ground.
 */
export function calibrate(pairs: readonly CalibrationPair[]): Calibration {
  const degenerate = degeneracyOf(pairs);
  if (degenerate) return { type: 'refused', ...degenerate };
  const frames = framesOf(pairs);
  const { toLocal } = localFrame(frames.origin);
  const framed = pairs.map((pair) => ({
    at: toFrame(frames.picture, toNominal(pair.pixel)),
    ground: toFrame(frames.ground, toLocal(pair)),
  }));
  const errors = { click: clickPixels * frames.picture.scale, map: mapMeters * frames.ground.scale };
  const fit = fitMap(framed, errors);
  if ('fault' in fit) return { type: 'refused', ...fit };
  const homography = { ...frames, ...fit };
  const residuals = pairs.map((pair) => {
    const found = groundPoint(homography, pair.pixel);
    return found ? distanceMeters(found, pair) : Number.POSITIVE_INFINITY;
  });
  const lost = residuals.indexOf(Number.POSITIVE_INFINITY);
  if (lost < 0) return { type: 'calibrated', homography, residuals };
  const reason = `by the others, pair ${lost + 1} lies too near the horizon: a pair is wrong or too far away`;
  return { type: 'refused', ...refusal('horizon', reason) };
}

/** The map with its covariance, or why there is none. */
function fitMap(pairs: readonly FramedPair[], errors: Errors): Fit | PairRefusal {
  const plain = pairs.flatMap(({ ground, at }) => equationsOf(ground, at));
  let eigen = symmetricEigen(normalMatrix(plain));
  if (certaintyOf(eigen) < leastCertainty)
    return refusal('line', 'all points but one lie on one line, of the picture or of the ground; take more beside it');
  for (let round = 0; round < rounds; round += 1) {
    const map = facing(eigen.vectors[0] ?? [], pairs);
    const wrong = impossibility(map, pairs);
    if (wrong) return wrong;
    eigen = symmetricEigen(normalMatrix(pairs.flatMap((pair) => weighed(map, pair, errors))));
  }
  const map = facing(eigen.vectors[0] ?? [], pairs);
  return impossibility(map, pairs) ?? agreed(map, eigen, pairs);
}

/** Pairs more than enough say themselves how well they agree. */
function agreed(map: PlaneMap, eigen: Eigen, { length }: readonly FramedPair[]): Fit | PairRefusal {
  const spare = 2 * length - 8;
  const excess = spare > 0 ? Math.max(1, (eigen.values[0] ?? 0) / spare) : 1;
  if (excess > mostTimesExpected ** 2)
    return refusal('disagree', 'the pairs do not agree: pairs have been exchanged, or one is far off');
  return { map, covariance: covarianceOf(eigen, excess) };
}

/** How much worse the second best numbers fit than those that fit worst: 0 when they are as good as the best. */
function certaintyOf({ values }: Eigen): number {
  return Math.sqrt(Math.max(0, values[1] ?? 0) / (values.at(-1) || 1));
}

/** The same map with most of the pairs in front of the camera. */
function facing(map: PlaneMap, pairs: readonly FramedPair[]): PlaneMap {
  const ahead = pairs.filter(({ ground }) => project(map, ground).depth > 0).length;
  return ahead * 2 >= pairs.length ? map : map.map((value) => -value);
}

function impossibility(map: PlaneMap, pairs: readonly FramedPair[]): PairRefusal | undefined {
  const behind = pairs.flatMap(({ ground }, index) => (project(map, ground).depth > 0 ? [] : [index + 1]));
  if (behind.length * 2 === pairs.length)
    return refusal('exchanged', 'no camera sees these points so: two pairs may have been exchanged');
  if (behind.length > 0)
    return refusal('horizon', `by the others, pair ${behind.join(', ')} lies above the horizon: a pair is wrong`);
  if (determinant(map) < 0) return undefined;
  return refusal('mirrored', 'the picture is mirrored: pairs have been exchanged, or y does not count from the top');
}

/** A pair's equations in standard errors of that pair: near ones are as good as the map, far ones as the click. */
function weighed(map: PlaneMap, { at, ground }: FramedPair, errors: Errors): number[][] {
  const { depth } = project(map, ground);
  const [a, b, c, d] = jacobianAt(map, ground);
  const [click, meters] = [errors.click ** 2, errors.map ** 2];
  const first = Math.sqrt(click + meters * (a * a + b * b));
  const mixed = (meters * (a * c + b * d)) / first;
  const second = Math.sqrt(Math.max(click, click + meters * (c * c + d * d) - mixed * mixed));
  const [u, v] = equationsOf(ground, at);
  const whiteU = u.map((value) => value / (depth * first));
  return [whiteU, v.map((value, index) => (value / depth - mixed * (whiteU[index] ?? 0)) / second)];
}

/** What the pairs leave open of the nine numbers, never less than is expected of pairs that agree. */
function covarianceOf({ values, vectors }: Eigen, excess: number): number[][] {
  const open = vectors.slice(1).map((vector, index) => ({ vector, weight: excess / (values[index + 1] ?? 1) }));
  return vectors.map((_, i) =>
    vectors.map((__, j) =>
      open.reduce((sum, { vector, weight }) => sum + weight * (vector[i] ?? 0) * (vector[j] ?? 0), 0),
    ),
  );
}

function normalMatrix(rows: readonly (readonly number[])[]): number[][] {
  return Array.from({ length: 9 }, (_, i) =>
    Array.from({ length: 9 }, (__, j) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
  );
}
