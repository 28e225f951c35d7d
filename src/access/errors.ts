import { AppError } from '../shared/app-error.ts';
import type { SourceProblem } from './request-origin.ts';

/** Nobody is behind the request: no session, or one that is over. */
export class UnauthenticatedError extends AppError {
  readonly code = 'UNAUTHENTICATED';
  override readonly statusCode = 401;

  constructor() {
    super('log in first: there is no valid session behind this request');
  }
}

export class ForbiddenError extends AppError {
  readonly code = 'FORBIDDEN';
  override readonly statusCode = 403;

  constructor() {
    super('this account may not do that');
  }
}

/** The account has yet to set up the second factor that its role must have. */
export class SecondFactorRequiredError extends AppError {
  readonly code = 'SECOND_FACTOR_REQUIRED';
  override readonly statusCode = 403;

  constructor() {
    super('set up a second factor first: POST /api/v1/auth/totp');
  }
}

/** A thing of the whole house was asked by somebody who has some areas of it only. */
export class WholeSiteError extends AppError {
  readonly code = 'WHOLE_SITE_ONLY';
  override readonly statusCode = 403;

  constructor() {
    super('this concerns all areas, and the account is limited to some');
  }
}

const sourceSentences: Record<SourceProblem, string> = {
  'foreign-origin': 'the request comes from a page of another origin; see server.origins',
  'missing-origin': 'a request with a cookie that changes something must say its Origin',
  'form-content': 'a request with a cookie must send application/json',
};

/** The request may have been made by a page of somebody else. */
export class ForeignRequestError extends AppError {
  readonly code: string;
  override readonly statusCode: number;

  constructor(problem: SourceProblem) {
    super(sourceSentences[problem]);
    this.code = problem === 'form-content' ? 'FORM_CONTENT' : 'FOREIGN_ORIGIN';
    this.statusCode = problem === 'form-content' ? 415 : 403;
  }
}

/** A browser would send the password and the session in clear over the network. */
export class TlsRequiredError extends AppError {
  readonly code = 'TLS_REQUIRED';
  override readonly statusCode = 403;

  constructor() {
    super(
      'a browser may log in over TLS or on this machine only: set server.tls, or server.proxies if a proxy has the TLS',
    );
  }
}

/** Routes that do not say who may use them: the house does not open with one. */
export class UndeclaredRoutesError extends AppError {
  readonly code = 'ROUTES_UNDECLARED';

  constructor(routes: readonly string[]) {
    super(`these routes declare no config.access: ${routes.join(', ')}`);
  }
}
