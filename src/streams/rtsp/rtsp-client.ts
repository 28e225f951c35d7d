import { authorization, type Challenge, type Credentials, chooseChallenge } from './rtsp-auth.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-message.ts';

export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers?: readonly string[];
}

export interface RtspClientOptions {
  readonly credentials: Credentials | undefined;
  /** Whether nobody can listen: the connection is TLS. */
  readonly secure: boolean;
}

const responseTimeoutMs = 5_000;
/** A wrong password is tried once; a nonce that grew old meanwhile is worth one more. Cameras lock who guesses. */
const maxTries = 3;

/** Requests with credentials over one connection: shown when asked for, and not again when they were refused. */
export class RtspClient {
  readonly #connection: RtspConnection;
  readonly #credentials: Credentials | undefined;
  readonly #secure: boolean;
  #challenge: Challenge | undefined;
  #uses = 0;

  constructor(connection: RtspConnection, { credentials, secure }: RtspClientOptions) {
    this.#connection = connection;
    this.#credentials = credentials;
    this.#secure = secure;
  }

  /** Resolves with a 2xx answer. Throws RtspError for all else, a redirect included: it is never followed (T21). */
  async request(request: RtspRequest): Promise<RtspMessage> {
    if (/[\s\0]/.test(request.uri)) throw new RtspError('protocol', 'The camera names a track by a URL with blanks.');
    let answer = await this.#send(request);
    for (let tries = 1; answer.status === 401 && tries < maxTries && this.#accept(answer, tries); tries += 1) {
      answer = await this.#send(request);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(request.method, answer, this.#credentials !== undefined);
  }

  #send({ method, uri, headers = [] }: RtspRequest): Promise<RtspMessage> {
    const lines = ['User-Agent: tianliang', ...headers, ...this.#authorize(method, uri)];
    return this.#connection.request(`${method} ${uri}`, lines, responseTimeoutMs);
  }

  #authorize(method: string, uri: string): string[] {
    if (!this.#challenge || !this.#credentials) return [];
    this.#uses += 1;
    return [`Authorization: ${authorization(this.#challenge, this.#credentials, { method, uri, count: this.#uses })}`];
  }

  /** Takes up a challenge; false when there is nothing to answer it with, or the answer was refused already. */
  #accept(answer: RtspMessage, tries: number): boolean {
    const challenge = chooseChallenge(answer.headers.get('www-authenticate') ?? [], this.#secure);
    if (!challenge || !this.#credentials) return false;
    const refused = tries > 1 && !(challenge.scheme === 'digest' && challenge.stale);
    const weaker = this.#challenge?.scheme === 'digest' && challenge.scheme === 'basic' && !this.#secure;
    if (refused || weaker) return false;
    this.#challenge = challenge;
    this.#uses = 0;
    return true;
  }
}

function refusal(method: string, { status, reason }: RtspMessage, hadCredentials: boolean): RtspError {
  const said = `${status} ${reason.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80)}`.trim();
  if (status === 401 || status === 403) {
    const hint = hadCredentials ? 'check username and password' : 'it wants a username and a password';
    return new RtspError('unauthorized', `The camera refuses access (${said}): ${hint}.`, { status });
  }
  if (status === 404) return new RtspError('not_found', 'The camera has no stream under this path (404).', { status });
  if (status >= 300 && status < 400) {
    return new RtspError('protocol', `The camera points to another address (${said}), which is never followed.`);
  }
  if (status === 461) {
    const sentence = `The camera does not send this way (${said}); set its transport to the other of tcp and udp.`;
    return new RtspError('protocol', sentence, { status });
  }
  return new RtspError('protocol', `The camera answers ${method} with ${said}.`, { status });
}
