import type { SignedBy } from '../api/incident-shapes.ts';
import type { Account } from '../api/shapes.ts';

export interface EvidenceRequest {
  readonly id: string;
  readonly state: 'requested' | 'approved' | 'refused' | 'withdrawn' | 'expired';
  readonly alert?: string;
  readonly incident?: string;
  readonly purpose: string;
  readonly recipient: string;
  readonly from: string;
  readonly to: string;
  readonly cameras: readonly string[];
  /** SHA-256 of what was asked for: an approval is of these words alone. */
  readonly digest?: string;
  readonly requestedBy: SignedBy;
  readonly decidedBy?: SignedBy;
  readonly reason?: string;
}

/** What the account may do with a request: who asks does not approve. */
export type Decision = 'approve' | 'refuse' | 'withdraw';

export function decisionsFor({ state, requestedBy }: EvidenceRequest, { id, role }: Account): Decision[] {
  const open = state === 'requested';
  const own = requestedBy.id === id;
  const decides = role === 'reviewer' || role === 'admin';
  return [
    ...(open && decides && !own ? (['approve', 'refuse'] as const) : []),
    ...((open || state === 'approved') && own ? (['withdraw'] as const) : []),
  ];
}

export interface EvidenceDraft {
  purpose: string;
  recipient: string;
  from: string;
  to: string;
  cameras: string;
}

/** The body of POST /evidence; times as the form has them are of this machine's zone. */
export function evidenceOrder(draft: EvidenceDraft, about: { readonly [What in 'alert' | 'incident']?: string }) {
  const cameras = draft.cameras.split(/[,，\s]+/).filter((id) => id !== '');
  const time = (text: string) => new Date(text).toISOString();
  return {
    ...about,
    purpose: draft.purpose.trim(),
    recipient: draft.recipient.trim(),
    ...(draft.from !== '' && { from: time(draft.from) }),
    ...(draft.to !== '' && { to: time(draft.to) }),
    ...(cameras.length > 0 && { cameras }),
  };
}
