import { intersectionOverUnion } from './box.ts';
import { familyOf } from './labels.ts';
import type { Sighting } from './model.ts';

/** Two kinds of one family that lie on each other like this are one thing the model has two words for. */
const sameBox = 0.8;

/**
 * One sighting for each thing: seen from above, a car is a car at 0.36, a truck at 0.32 and a bus at 0.25, and a vehicle
 * more surely than any of them. Its label is the surest one, its score that of its being any of the kinds.
 */
export function foldKinds(sightings: readonly Sighting[]): Sighting[] {
  const folded: Fold[] = [];
  for (const sighting of sightings.toSorted((one, other) => other.score - one.score)) {
    const same = folded.find((fold) => isSameThing(fold, sighting));
    if (same) same.others.push(sighting);
    else folded.push({ surest: sighting, others: [] });
  }
  return folded.map(({ surest, others }) =>
    others.length === 0 ? surest : { ...surest, score: anyOf([surest, ...others]) },
  );
}

interface Fold {
  readonly surest: Sighting;
  readonly others: Sighting[];
}

/** The same kind twice is two things: the model has told them apart. */
function isSameThing({ surest, others }: Fold, { label, box }: Sighting): boolean {
  return (
    [surest, ...others].every((known) => known.label !== label) &&
    familyOf(surest.label) === familyOf(label) &&
    intersectionOverUnion(surest.box, box) >= sameBox
  );
}

const anyOf = (sightings: readonly Sighting[]) => 1 - sightings.reduce((none, { score }) => none * (1 - score), 1);
