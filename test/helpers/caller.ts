/** The API refused; a test that expects it looks at the status. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(path: string, status: number, body: string) {
    super(`${path} answered ${status}: ${body}`);
    this.status = status;
  }
}

/** Somebody in front of the HTTP API: with a session, or a stranger without one. */
export class Caller {
  readonly url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  get headers(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }

  /** Any answer but none: gives up after 30 s. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...this.headers, ...Object.fromEntries(new Headers(init.headers)) };
    return await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(30_000), ...init, headers });
  }

  async send(method: string, path: string, body: object = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return await this.fetch(path, { method, headers, body: JSON.stringify(body) });
  }

  /** Below `/api/v1`. Fails with `RefusedError`. */
  async get<T>(path: string): Promise<T> {
    return await answerOf<T>(path, await this.fetch(`/api/v1${path}`));
  }

  /** Below `/api/v1`. Fails with `RefusedError`. */
  async post<T>(path: string, body: object = {}): Promise<T> {
    return await answerOf<T>(path, await this.send('POST', `/api/v1${path}`, body));
  }
}

async function answerOf<T>(path: string, response: Response): Promise<T> {
  if (!response.ok) throw new RefusedError(path, response.status, await response.text());
  return (await response.json()) as T;
}

export async function logIn(url: string, username: string, password: string): Promise<Caller> {
  const { token } = await new Caller(url).post<{ token: string }>('/auth/login', { username, password });
  return new Caller(url, token);
}
