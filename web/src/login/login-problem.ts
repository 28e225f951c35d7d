import { ProblemError } from '../api/problem-error.ts';
import type { MessageKey } from '../words/zh-cn.ts';

const ofCode: Readonly<Record<string, MessageKey>> = {
  SECOND_FACTOR_WRONG: 'login.wrongCode',
  TOO_MANY_TRIES: 'login.throttled',
  OIDC_REFUSED: 'login.refused',
  OIDC_NO_ROLE: 'login.noRole',
};

/** What is said of a login that failed. */
export function problemWords(error: unknown): MessageKey {
  if (!(error instanceof ProblemError) || error.status === 0 || error.status >= 500) return 'login.unreachable';
  return ofCode[error.code] ?? (error.status === 429 ? 'login.throttled' : 'login.wrong');
}

/** The other house sent the page back with `#login-CODE`. */
export function problemOfAddress(hash: string): MessageKey | undefined {
  const code = /^#login-([A-Z_]+)$/.exec(hash)?.[1];
  return code === undefined ? undefined : (ofCode[code] ?? 'login.disabled');
}
