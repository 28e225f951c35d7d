import { ProblemError } from '../api/problem-error.ts';
import type { MessageKey } from '../words/zh-cn.ts';

const words: Readonly<Record<string, MessageKey>> = {
  UNIT_BUSY: 'refusal.unitTaken',
  INCIDENT_STALE: 'refusal.stale',
  ALERT_STALE: 'refusal.stale',
  INCIDENT_CONTENDED: 'refusal.stale',
  ALERT_CONTENDED: 'refusal.stale',
  ASSIGNMENT_MOVE_REFUSED: 'refusal.stale',
  ALERT_MOVE_REFUSED: 'refusal.closed',
  ALERT_MERGED: 'refusal.closed',
  INCIDENT_MOVE_REFUSED: 'refusal.closed',
  REASON_NEEDED: 'refusal.reason',
};

const wordsOfStatus: Readonly<Record<number, MessageKey>> = {
  0: 'refusal.unreachable',
  403: 'refusal.forbidden',
  404: 'refusal.gone',
};

/** What was refused, and in which words the seat is told. */
export interface Refusal {
  readonly code: string;
  readonly words: MessageKey;
  /** Nobody knows whether it was done: the same key may be sent again. */
  readonly unknown: boolean;
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ProblemError)) return { code: '', words: 'refusal.other', unknown: true };
  const { code, status } = error;
  return {
    code,
    words: words[code] ?? wordsOfStatus[status] ?? 'refusal.other',
    unknown: status === 0 || status >= 500,
  };
}
