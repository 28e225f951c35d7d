import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { AppError } from '../../shared/app-error.ts';
import type { Log } from '../../shared/log.ts';
import { type OidcPerson, personOf } from './oidc-claims.ts';
import type { OidcConfig } from './oidc-config.ts';

/** The other house cannot be asked; passwords still work. */
export class IssuerDownError extends AppError {
  readonly code = 'OIDC_DOWN';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 30;

  constructor(cause: unknown) {
    super('the login of the other house cannot be reached; log in with a password', { cause });
  }
}

/** It was not begun here, took too long, or the issuer says no. */
export class OidcRefusedError extends AppError {
  readonly code = 'OIDC_REFUSED';
  override readonly statusCode = 401;

  constructor(cause?: unknown) {
    super('the login of the other house was not completed', { cause });
  }
}

interface Pending {
  readonly verifier: string;
  readonly nonce: string;
  readonly until: number;
}

const answerSeconds = 5;
const pendingMs = 600_000;
const mostPending = 1_000;
/** How long what is known of the issuer being there is believed. */
const freshMs = 30_000;

/** One OpenID issuer: sends people there and takes their answers (authorization code, PKCE, state, nonce). */
export class OidcIssuer {
  readonly #config: OidcConfig;
  readonly #log: Log;
  readonly #pending = new Map<string, Pending>();
  #found: Configuration | undefined;
  #asked: { readonly at: number; readonly isUp: Promise<boolean> } | undefined;

  constructor(config: OidcConfig, log: Log) {
    this.#config = config;
    this.#log = log;
  }

  get name(): string {
    return this.#config.name;
  }

  /** Asked at most every 30 s, whoever asks. */
  isUp(): Promise<boolean> {
    const now = performance.now();
    if (!this.#asked || now - this.#asked.at > freshMs) {
      const isUp = this.#discover().then(
        () => true,
        () => false,
      );
      this.#asked = { at: now, isUp };
    }
    return this.#asked.isUp;
  }

  /** Where to send the browser, and the state it must come back with. Fails with `IssuerDownError`. */
  async begin(callback: string): Promise<{ readonly url: URL; readonly state: string }> {
    const found = await this.#discover();
    const [verifier, nonce, state] = [randomPKCECodeVerifier(), randomNonce(), randomState()];
    this.#remember(state, { verifier, nonce, until: performance.now() + pendingMs });
    const url = buildAuthorizationUrl(found, {
      ...{ redirect_uri: callback, scope: 'openid profile email', state, nonce },
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url, state };
  }

  /** Who came back; `state` is what their browser was given. Fails with `OidcRefusedError`. */
  async finish(url: URL, state: string | undefined): Promise<OidcPerson> {
    const begun = state === undefined ? undefined : this.#pending.get(state);
    if (state === undefined || !begun || begun.until < performance.now() || !this.#found) throw new OidcRefusedError();
    this.#pending.delete(state);
    const checks = { pkceCodeVerifier: begun.verifier, expectedNonce: begun.nonce, expectedState: state };
    try {
      const tokens = await authorizationCodeGrant(this.#found, url, { ...checks, idTokenExpected: true });
      const claims = tokens.claims();
      // A name that is none would be everybody's.
      if (claims && claims.sub !== '') return personOf(claims, this.#config);
    } catch (error) {
      this.#log.warn({ code: error instanceof Error ? error.name : 'unknown' }, 'a login of the other house failed');
      throw new OidcRefusedError(error);
    }
    throw new OidcRefusedError();
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#config;
    const server = new URL(issuer);
    // Who somebody is must be signed by the issuer (T34); the library believes the line it came by otherwise.
    const execute = [enableNonRepudiationChecks, ...(server.protocol === 'http:' ? [allowInsecureRequests] : [])];
    try {
      // Anew each time it is not fresh: an issuer changes its keys.
      this.#found = await discovery(server, clientId, clientSecret, undefined, { execute, timeout: answerSeconds });
      return this.#found;
    } catch (error) {
      throw new IssuerDownError(error);
    }
  }

  /** The oldest give way. */
  #remember(state: string, pending: Pending): void {
    for (const [known, { until }] of this.#pending) {
      if (this.#pending.size < mostPending && until > performance.now()) break;
      this.#pending.delete(known);
    }
    this.#pending.set(state, pending);
  }
}
