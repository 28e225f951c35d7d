import { type Static, Type } from 'typebox';
import { Candidate } from '../candidates/candidate.ts';
import type { Assignment } from './assignment.ts';

/** Whom a unit was chosen from: all candidates as they were at that moment, with what spoke for and against each. */
export const Choice = Type.Object({
  assignment: Type.String(),
  unit: Type.String(),
  /** Who chose. */
  by: Type.String(),
  at: Type.String(),
  /** Its place among those that could be sent, from 1; left out when it was none of them. */
  place: Type.Optional(Type.Integer({ minimum: 1 })),
  /** It was the one that would have been proposed. */
  first: Type.Boolean(),
  candidates: Type.Array(Candidate),
});
export type Choice = Readonly<Static<typeof Choice>>;

/** The ways there are drawn while one chooses, not kept. */
export function choiceOf({ id, unit, by, at }: Assignment, ranked: readonly Candidate[]): Choice {
  const place = ranked.filter(({ rejected }) => rejected === undefined).findIndex((one) => one.unit === unit) + 1;
  return {
    ...{ assignment: id, unit, by, at },
    ...(place > 0 && { place }),
    first: place === 1,
    candidates: ranked.map(({ route: _, ...candidate }) => candidate),
  };
}
