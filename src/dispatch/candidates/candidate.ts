import { type Static, Type } from 'typebox';
import { LineString } from '../../gis/geojson.ts';
import { Reason } from '../../shared/reason.ts';

/** Why a unit is not to be sent; its reasons say so in words, and whatever else speaks against it. */
export const RejectCause = Type.Enum([
  'never-heard',
  'offline',
  'busy',
  'no-position',
  'old-position',
  'off-shift',
  'kind',
  'skills',
  'area',
  'unreachable',
  'caller',
]);
export type RejectCause = Static<typeof RejectCause>;

/** A unit that could be sent, or could not, and why. Both figures are left out where nobody can say them. */
export const Candidate = Type.Object({
  unit: Type.String(),
  etaSeconds: Type.Optional(Type.Integer()),
  distanceMeters: Type.Optional(Type.Integer()),
  /** `straight`: no road is near, both figures are as the crow flies. */
  by: Type.Optional(Type.Enum(['road', 'straight'])),
  reasons: Type.Array(Reason),
  rejected: Type.Optional(RejectCause),
  /** The way there, of the best few. */
  route: Type.Optional(LineString),
});
export type Candidate = Static<typeof Candidate>;
