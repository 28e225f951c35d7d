import { type Static, Type } from 'typebox';
import { receiptStates } from '../downlink/receipt.ts';

/** A unit on its way to an incident, and how that ended. */
export const assignmentStates = ['dispatched', 'accepted', 'arrived', 'completed', 'declined', 'recalled'] as const;
export const AssignmentStateName = Type.Enum([...assignmentStates]);
export type AssignmentStateName = (typeof assignmentStates)[number];

const moments = [...new Set([...assignmentStates, ...receiptStates])];
type Moment = (typeof moments)[number];
const Times = Type.Object(Object.fromEntries(moments.map((moment) => [moment, Type.Optional(Type.String())])));

/** An assignment as it stands within its incident; times are RFC 3339 UTC. */
export const Assignment = Type.Object({
  id: Type.String(),
  unit: Type.String(),
  state: AssignmentStateName,
  /** Who sent it. */
  by: Type.String(),
  at: Type.String(),
  /** Until when the unit should have accepted. */
  acceptBy: Type.String(),
  /** It did not, or declined: somebody else was proposed. */
  late: Type.Optional(Type.Literal(true)),
  /** Why it was declined or recalled. */
  reason: Type.Optional(Type.String()),
  /** When it came to each state, and when its terminal showed it. */
  times: Type.Unsafe<Readonly<Partial<Record<Moment, string>>>>(Times),
});
export type Assignment = Readonly<Static<typeof Assignment>>;
