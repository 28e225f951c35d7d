import { ProblemError } from './problem-error.ts';

/** JSON over HTTP with the session cookie; tells `onUnauthorized` when the session is over. */
export class Api {
  readonly #onUnauthorized: () => void;

  constructor(onUnauthorized: () => void) {
    this.#onUnauthorized = onUnauthorized;
  }

  /** Throws ProblemError for any answer that is not 2xx, and after 15 s. */
  async get<T>(path: string): Promise<T> {
    return await this.#request<T>(path, {});
  }

  /** The same key is the same command, done once however often it is sent. */
  async post<T>(path: string, body: object = {}, key?: string): Promise<T> {
    const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) };
    return await this.#request<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async postPicture<T>(path: string, picture: Blob, key?: string): Promise<T> {
    const headers = { 'content-type': picture.type, ...(key !== undefined && { 'idempotency-key': key }) };
    return await this.#request<T>(path, { method: 'POST', headers, body: picture });
  }

  async delete(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#request(path, { method: 'DELETE', headers, body: JSON.stringify(body) });
  }

  async #request<T>(path: string, init: RequestInit): Promise<T> {
    const response = await reach(`/api/v1${path}`, init);
    if (response.status === 401 && path !== '/auth/login') this.#onUnauthorized();
    if (!response.ok) throw await problemOf(response);
    return await response.json().catch(() => undefined);
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'same-origin', signal: AbortSignal.timeout(15_000) });
  } catch (cause) {
    throw new ProblemError(0, 'UNREACHABLE', cause instanceof Error ? cause.message : 'unreachable');
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const body = await response.json().catch(() => ({}));
  return new ProblemError(
    response.status,
    String(body.code ?? response.status),
    String(body.detail ?? body.title ?? ''),
  );
}
