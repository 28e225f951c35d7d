import { createHash } from 'node:crypto';
import type { Signature } from '../../alert.ts';
import { EvidenceMoveError, ForeignEvidenceError, OwnEvidenceError } from './evidence-errors.ts';
import type { EvidenceRequest, EvidenceStateName, EvidenceTerms } from './evidence-request.ts';

export type EvidenceMove =
  | { readonly type: 'approve'; readonly by: Signature }
  | { readonly type: 'refuse'; readonly by: Signature; readonly reason: string }
  | { readonly type: 'withdraw'; readonly by: Signature }
  | { readonly type: 'expire' };

/** A request waits so long for a decision, and an approval so long for whoever fetches it. */
export const evidenceMs = 86_400_000;

const allowedIn: Readonly<Record<EvidenceMove['type'], readonly EvidenceStateName[]>> = {
  approve: ['requested'],
  refuse: ['requested'],
  withdraw: ['requested', 'approved'],
  expire: ['requested', 'approved'],
};

/** The same words give the same digest, whoever stored them and in which order. */
export function digestOf({ alert, incident, purpose, recipient, from, to, cameras }: EvidenceTerms): string {
  const words = [alert ?? null, incident ?? null, purpose, recipient, from, to, cameras];
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** As it stands now: what nobody decided on, or fetched, in time has expired also when nobody has written that down yet. */
export function stateAt({ state, expiresAt }: EvidenceRequest, now: Date): EvidenceStateName {
  const isOpen = state === 'requested' || state === 'approved';
  return isOpen && Date.parse(expiresAt) <= now.getTime() ? 'expired' : state;
}

/**
 * What becomes of the request; its `version` rises. Fails with `EVIDENCE_MOVE_REFUSED`, `EVIDENCE_OWN_REQUEST`,
 * `EVIDENCE_OF_ANOTHER`.
 */
export function nextRequest(request: EvidenceRequest, move: EvidenceMove, now: Date): EvidenceRequest {
  const state = move.type === 'expire' ? request.state : stateAt(request, now);
  if (!allowedIn[move.type].includes(state)) throw new EvidenceMoveError(move.type, state);
  const next = { ...request, version: request.version + 1 };
  if (move.type === 'expire') return { ...next, state: 'expired' };
  const isOwn = move.by.id === request.requestedBy.id;
  if (move.type === 'withdraw') {
    if (!isOwn) throw new ForeignEvidenceError();
    return { ...next, state: 'withdrawn', decidedBy: move.by };
  }
  if (isOwn) throw new OwnEvidenceError();
  if (move.type === 'refuse') return { ...next, state: 'refused', decidedBy: move.by, reason: move.reason };
  const expiresAt = new Date(now.getTime() + evidenceMs).toISOString();
  return { ...next, state: 'approved', decidedBy: move.by, approved: digestOf(request), expiresAt };
}
