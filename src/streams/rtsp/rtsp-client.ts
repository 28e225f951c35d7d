import { authorization, type Challenge, type Credentials, chooseChallenge } from './rtsp-auth.ts';
import type { RtspConnection } from './rtsp-connection.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-message.ts';

export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers?: readonly string[];
}

const responseTimeoutMs = 5_000;

/** Requests with credentials over one connection: shown when asked for, at most once more per request. */
export class RtspClient {
  readonly #connection: RtspConnection;
  readonly #credentials: Credentials | undefined;
  #challenge: Challenge | undefined;
  #uses = 0;

  constructor(connection: RtspConnection, credentials: Credentials | undefined) {
    this.#connection = connection;
    this.#credentials = credentials;
  }

  /** Resolves with a 2xx answer. Throws RtspError for all else, a redirect included: it is never followed (T21). */
  async request(request: RtspRequest): Promise<RtspMessage> {
    if (/[\s\0]/.test(request.uri)) throw new RtspError('protocol', 'The camera names a track by a URL with blanks.');
    const first = await this.#send(request);
    const answer = first.status === 401 && this.#accept(first) ? await this.#send(request) : first;
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

  /** Takes up a challenge; false when there is nothing to answer it with, so that it is not tried again. */
  #accept(answer: RtspMessage): boolean {
    this.#challenge = chooseChallenge(answer.headers.get('www-authenticate') ?? []);
    this.#uses = 0;
    return this.#challenge !== undefined && this.#credentials !== undefined;
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
