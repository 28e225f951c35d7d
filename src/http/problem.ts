import { STATUS_CODES } from 'node:http';
import { AppError } from '../shared/app-error.ts';
import { InvalidRequestError } from './invalid-request.ts';
import { NotFoundError } from './not-found.ts';

/** RFC 9457 problem details with our stable `code`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: InvalidRequestError['errors'];
}

export interface Rendered {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** What went wrong is ours to read, not the client's. */
  readonly unexpected: boolean;
}

interface Facts {
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
}

const ours = 500;

/** Fastify's own refusals (too large, not JSON, unknown media type) carry a code and say nothing of the inside. */
function isFastifyRefusal(error: unknown): error is Error & { code: string; statusCode: number } {
  if (!(error instanceof Error && 'code' in error && 'statusCode' in error)) return false;
  const { code, statusCode } = error;
  return typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number' && statusCode < ours;
}

/** A plugin's plain refusal with a 4xx status (a file that is not there, a method that is not allowed). */
function plainStatus(error: unknown): number | undefined {
  if (!(error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')) return undefined;
  return error.statusCode >= 400 && error.statusCode < ours ? error.statusCode : undefined;
}

/** That of an address repeats all of it, with what stands behind the question mark (T36). */
function detailOf({ code, message }: Error & { readonly code: string }): string {
  return code === 'FST_ERR_BAD_URL' ? 'the address cannot be decoded' : message;
}

function factsOf(error: unknown): Facts {
  if (error instanceof AppError) {
    const { statusCode: status, code, message: detail } = error;
    return status === ours ? { status, code } : { status, code, detail };
  }
  // A path that leads out of the wall's folder names nothing that exists (T37).
  if (isFastifyRefusal(error) && error.code === 'FST_STATIC_FORBIDDEN_PATH') return factsOf(new NotFoundError());
  if (isFastifyRefusal(error)) return { status: error.statusCode, code: error.code, detail: detailOf(error) };
  const status = plainStatus(error);
  return status === undefined ? { status: ours, code: 'INTERNAL' } : { status, code: 'REFUSED' };
}

function headersOf(error: unknown, status: number): Record<string, string> {
  const retryAfter = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return {
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  };
}

/** What the client is told about an error: facts of ours, nothing of the inside. */
export function renderError(error: unknown): Rendered {
  const { status, code, detail } = factsOf(error);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...(error instanceof InvalidRequestError && { errors: error.errors }),
  };
  return { problem, headers: headersOf(error, status), unexpected: status >= ours && status !== 503 };
}
