import { intersectionOverUnion } from '../../src/alerts/detection/box.ts';
import { familyOf } from '../../src/alerts/detection/labels.ts';
import type { Sighting, UnitBox } from '../../src/alerts/detection/model.ts';
import type { Truth } from './ground-truth.ts';

/** How many of a family were found, missed, and found where none is. */
export interface Tally {
  readonly found: number;
  readonly missed: number;
  readonly wrong: number;
}

export type Seen = Pick<Sighting, 'label' | 'box' | 'score'>;

/** From this overlap on, a sighting is of the thing that was drawn: the boxes of small things are a few pixels wide. */
export const leastOverlap = 0.4;

export const nothing: Tally = { found: 0, missed: 0, wrong: 0 };

/**
 * Sightings of one picture against what is to be seen in it: the surest first, each thing and each sighting once. A label is
 * right when it is of the family: to the rules a lorry is as good as a car.
 */
export function tallyOf(family: string, seen: readonly Seen[], truths: readonly Truth[]): Tally {
  const isMeant = ({ label }: { readonly label: string }) => familyOf(label) === family;
  const open = new Set(truths.filter(isMeant));
  let [found, wrong] = [0, 0];
  for (const { box } of seen.filter(isMeant).toSorted((one, other) => other.score - one.score)) {
    const best = bestOf(
      box,
      [...open].filter(({ isAsked }) => isAsked),
    );
    if (best) {
      open.delete(best);
      found += 1;
    } else if (![...open].some((truth) => !truth.isAsked && coveredBy(box, truth.box) > 0.5)) wrong += 1;
  }
  const missed = [...open].filter(({ isAsked }) => isAsked).length;
  return { found, missed, wrong };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { found, missed, wrong }) => ({
      found: sum.found + found,
      missed: sum.missed + missed,
      wrong: sum.wrong + wrong,
    }),
    nothing,
  );
}

/** Of what was found, how much is there; 1 of nothing. */
export const precisionOf = ({ found, wrong }: Tally) => (found + wrong === 0 ? 1 : found / (found + wrong));

/** Of what is there, how much was found; 1 of nothing. */
export const recallOf = ({ found, missed }: Tally) => (found + missed === 0 ? 1 : found / (found + missed));

function bestOf(box: UnitBox, truths: readonly Truth[]): Truth | undefined {
  const overlaps = truths
    .map((truth) => ({ truth, overlap: intersectionOverUnion(box, truth.box) }))
    .filter(({ overlap }) => overlap >= leastOverlap);
  return overlaps.toSorted((one, other) => other.overlap - one.overlap)[0]?.truth;
}

/** The share of the box that lies in the other. */
function coveredBy(box: UnitBox, other: UnitBox): number {
  const width = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
  const height = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (box.width * box.height);
}
