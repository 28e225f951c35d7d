import { EvidenceTermsError } from './evidence-errors.ts';
import type { EvidenceTerms } from './evidence-request.ts';

/** What evidence is about, as far as a request needs to know it. */
export interface EvidenceSubject {
  readonly area?: string | undefined;
  /** When it began, and when it was over if it is (RFC 3339). */
  readonly at: string;
  readonly until?: string | undefined;
  /** Those that saw it. */
  readonly cameras: readonly string[];
}

/** What somebody asks for; what is left out follows from the alert or the incident. */
export interface EvidenceAsked {
  readonly alert?: string | undefined;
  readonly incident?: string | undefined;
  readonly purpose: string;
  readonly recipient: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cameras?: readonly string[] | undefined;
}

const beforeMs = 30_000;
const afterMs = 60_000;
export const mostEvidenceMs = 3_600_000;
export const mostEvidenceCameras = 8;

/** Fails with `EVIDENCE_TERMS` unless it is about one thing. */
export function sureOfOne({ alert, incident }: Pick<EvidenceAsked, 'alert' | 'incident'>): void {
  if ((alert === undefined) === (incident === undefined))
    throw new EvidenceTermsError('either an alert or an incident');
}

/** Exactly what is asked for. Fails with `EVIDENCE_TERMS`. */
export function termsOf(asked: EvidenceAsked, subject: EvidenceSubject): EvidenceTerms {
  const { alert, incident, purpose, recipient } = asked;
  sureOfOne(asked);
  const fromMs = Date.parse(asked.from ?? subject.at) - (asked.from === undefined ? beforeMs : 0);
  const toMs = asked.to === undefined ? usualEnd(fromMs, subject) : Date.parse(asked.to);
  if (!(toMs > fromMs && toMs - fromMs <= mostEvidenceMs))
    throw new EvidenceTermsError('a from before its to, and at most an hour between them');
  const cameras = [...new Set(asked.cameras ?? subject.cameras)];
  if (cameras.length > mostEvidenceCameras)
    throw new EvidenceTermsError(`at most ${mostEvidenceCameras} cameras; name those that matter`);
  return {
    ...(alert !== undefined && { alert }),
    ...(incident !== undefined && { incident }),
    purpose,
    recipient,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    cameras,
  };
}

/** A minute after it, or the first hour of what lasted longer. */
function usualEnd(fromMs: number, { at, until }: EvidenceSubject): number {
  return Math.min(Date.parse(until ?? at) + afterMs, fromMs + mostEvidenceMs);
}
