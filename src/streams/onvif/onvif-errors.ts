import { AppError } from '../../shared/app-error.ts';

/** A camera that did not give what ONVIF asks of it; `code` says which stage failed. */
export abstract class OnvifError extends AppError {
  override readonly statusCode: number = 502;
}

/** The device knows neither this account nor this password, or the account may not do this. */
export class OnvifUnauthorized extends OnvifError {
  readonly code = 'unauthorized';

  constructor(host: string) {
    super(`${host} refuses these credentials`);
  }
}

/** No complete answer within the deadline, however it came: silence, or a byte a second. */
export class OnvifTimeout extends OnvifError {
  readonly code = 'timeout';
  override readonly statusCode = 504;

  constructor(host: string, deadlineMs: number) {
    super(`${host} did not answer within ${deadlineMs} ms`);
  }
}

export type UnreachableCode = 'dns' | 'refused' | 'lost';

/** No connection, or one that ended before the answer did. */
export class OnvifUnreachable extends OnvifError {
  readonly code: UnreachableCode;

  constructor(host: string, cause: Error) {
    const code = unreachableCode(cause);
    super(`${host} ${sentences[code]}`, { cause });
    this.code = code;
  }
}

/** Something answers there, but not SOAP as ONVIF speaks it. */
export class NotOnvif extends OnvifError {
  readonly code = 'not_onvif';

  constructor(host: string, reason: string) {
    super(`${host} does not answer as an ONVIF device: ${reason}`);
  }
}

/** An answer no honest device gives: too large, redirecting, with a DTD, or pointing at another host (T22). */
export class UnsafeOnvifAnswer extends OnvifError {
  readonly code = 'unsafe_answer';

  constructor(host: string, reason: string) {
    super(`${host} gave an answer that is not safe to follow: ${reason}`);
  }
}

/** The device understood and said no (SOAP 1.2 §5.4); `subcode` is its word for why. */
export class OnvifFault extends OnvifError {
  readonly code = 'fault';
  readonly subcode: string;

  constructor(host: string, subcode: string, reason: string) {
    super(`${host} answers with a fault: ${reason || subcode}`);
    this.subcode = subcode;
  }
}

/** No profile of this name or token on the device. */
export class OnvifProfileMissing extends OnvifError {
  readonly code = 'not_found';
  override readonly statusCode = 404;

  constructor(host: string, wanted: string, known: readonly string[]) {
    super(`${host} has no profile ${wanted}; it has ${known.join(', ') || 'none'}`);
  }
}

const sentences: Record<UnreachableCode, string> = {
  dns: 'is not a name that resolves',
  refused: 'refuses connections or cannot be reached',
  lost: 'closed the connection before its answer was complete',
};

function unreachableCode(cause: Error): UnreachableCode {
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  return ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code) ? 'refused' : 'lost';
}
