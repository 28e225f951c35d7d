import { type Static, Type } from 'typebox';

/** Why a judgement was made: what was measured, the limit it crossed, and who says so. */
export const Reason = Type.Object({
  text: Type.String(),
  value: Type.Optional(Type.Number()),
  limit: Type.Optional(Type.Number()),
  unit: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
});
export type Reason = Static<typeof Reason>;
