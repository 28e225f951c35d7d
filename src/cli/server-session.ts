import { stderr, stdin } from 'node:process';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../config.ts';
import { AppError } from '../shared/app-error.ts';
import { askHidden } from './ask.ts';
import { type CommandContext, UsageError } from './command.ts';

/** Nobody answers at the address. */
export class NoServerError extends AppError {
  readonly code = 'NO_SERVER';

  constructor(url: string) {
    super(`no command center answers at ${url}; start it, or say where it is with --url URL`);
  }
}

/** The command center runs and refuses; the message says what it said. */
export class ServerRefusalError extends AppError {
  readonly code = 'SERVER_REFUSED';

  constructor(said: string) {
    super(`the command center refuses: ${said}`);
  }
}

const Login = Type.Object({ token: Type.String() });
const Problem = Type.Object({ detail: Type.String() });

const timeoutMs = 150_000;
const helloMs = 3_000;

/** Where the command center of this configuration listens, as seen from this machine. */
export function addressOf(
  { tianliang: { server } }: Config,
  { url, port }: { url?: string | undefined; port?: number | undefined },
): string {
  if (url !== undefined) return readUrl(url);
  const host = ['0.0.0.0', '::'].includes(server.host) ? '127.0.0.1' : server.host;
  return `${server.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port ?? server.port}`;
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError('--url expects an http:// or https:// address');
  return url.origin;
}

/** Whether a command center answers there. */
export async function isRunning(url: string, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(helloMs)]);
  return await fetch(`${url}/healthz`, { signal: limit, redirect: 'error' }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Somebody logged in to a running command center. */
export class ServerSession {
  readonly #url: string;
  readonly #token: string;
  readonly #signal: AbortSignal;

  private constructor(url: string, token: string, signal: AbortSignal) {
    this.#url = url;
    this.#token = token;
    this.#signal = signal;
  }

  /** With TIANLIANG_USER and TIANLIANG_PASSWORD, the latter asked for in a terminal. Fails with `ServerRefusalError`. */
  static async open(url: string, { environment, signal }: CommandContext): Promise<ServerSession> {
    const { TIANLIANG_USER: username, TIANLIANG_PASSWORD: given } = environment;
    if (!username) throw new UsageError('set TIANLIANG_USER to the name of an engineer, and TIANLIANG_PASSWORD');
    const terminal = { input: stdin, output: stderr, signal };
    const password = given ?? (await askHidden(terminal, [`password of ${username}: `]))[0] ?? '';
    const body = JSON.stringify({ username, password });
    const answer = await call(`${url}/api/v1/auth/login`, { method: 'POST', body, signal });
    if (!Value.Check(Login, answer)) throw new ServerRefusalError('its answer is not that of a command center');
    return new ServerSession(url, answer.token, signal);
  }

  /** What is answered below `/api/v1`, which must be of that shape. Fails with `ServerRefusalError`. */
  async call<T extends TSchema>(schema: T, method: 'GET' | 'POST', path: string): Promise<Static<T>> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const body = method === 'POST' ? { body: '{}' } : {};
    const answer = await call(`${this.#url}/api/v1${path}`, { method, headers, signal: this.#signal, ...body });
    if (!Value.Check(schema, answer)) throw new ServerRefusalError('its answer is of another version');
    return answer;
  }

  /** Ends the session; a server that is gone meanwhile has ended it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.call(Type.Unknown(), 'POST', '/auth/logout').catch(() => undefined);
  }
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Never follows a redirect: the password and the token are for this address alone. */
async function call(url: string, { signal, headers = {}, ...request }: Call): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const type = request.body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = { ...request, headers: { ...type, ...headers }, signal: limit, redirect: 'error' } as const;
  const response = await fetch(url, sent).catch(() => {
    throw new NoServerError(new URL(url).origin);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  throw new ServerRefusalError(Value.Check(Problem, answer) ? answer.detail : `it answers ${response.status}`);
}
