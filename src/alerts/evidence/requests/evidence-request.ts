import { type Static, Type } from 'typebox';
import { Signature } from '../../alert.ts';

export const evidenceStates = ['requested', 'approved', 'refused', 'withdrawn', 'expired'] as const;
export const EvidenceStateName = Type.Enum([...evidenceStates]);
export type EvidenceStateName = (typeof evidenceStates)[number];

/** What exactly leaves the house, for whom and why: an approval is of these words and of no others. */
export const termFields = {
  alert: Type.Optional(Type.String()),
  incident: Type.Optional(Type.String()),
  purpose: Type.String(),
  recipient: Type.String(),
  from: Type.String(),
  to: Type.String(),
  cameras: Type.Array(Type.String()),
};
export const EvidenceTerms = Type.Object(termFields);
export type EvidenceTerms = Readonly<Static<typeof EvidenceTerms>>;

/** A request for evidence as the API shows it; times are RFC 3339 UTC. */
export const EvidenceRequest = Type.Object({
  id: Type.String(),
  /** Rises by one with every change. */
  version: Type.Integer(),
  state: EvidenceStateName,
  ...termFields,
  /** SHA-256 of what was asked for. */
  digest: Type.String(),
  area: Type.Optional(Type.String()),
  requestedBy: Signature,
  /** When it ends by itself: undecided, or approved and not fetched any more. */
  expiresAt: Type.String(),
  /** Who approved, refused or withdrew it. */
  decidedBy: Type.Optional(Signature),
  /** What was approved: the digest as it was then. */
  approved: Type.Optional(Type.String()),
  /** Why it was refused. */
  reason: Type.Optional(Type.String()),
});
export type EvidenceRequest = Readonly<Static<typeof EvidenceRequest>>;
