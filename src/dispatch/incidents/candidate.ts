import { type Static, Type } from 'typebox';
import type { Place } from '../../gis/place.ts';
import { Reason } from '../../shared/reason.ts';

/** A unit that could be sent, and why it stands where it stands in the list; figures that nobody can say are left out. */
export const Candidate = Type.Object({
  unit: Type.String(),
  etaSeconds: Type.Optional(Type.Number()),
  distanceMeters: Type.Optional(Type.Number()),
  /** `straight`: no road is near, both figures are as the crow flies. */
  by: Type.Optional(Type.Enum(['road', 'straight'])),
  reasons: Type.Array(Reason),
  /** Why it is not to be sent. */
  rejected: Type.Optional(Type.String()),
});
export type Candidate = Readonly<Static<typeof Candidate>>;

/** Ranks the units for a place, the nearest first. */
export type FindCandidates = (place: Place) => Promise<readonly Candidate[]>;
