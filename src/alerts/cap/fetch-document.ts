/** The feed could not be read; the message says why, without the address: it may hold a key. */
export class FeedError extends Error {}

export interface FetchLimits {
  /** Of the document, after any compression is undone. */
  readonly maxBytes: number;
  /** For everything: name, connection, redirects and the last byte. */
  readonly deadlineMs: number;
}

export const fetchLimits: FetchLimits = { maxBytes: 1024 * 1024, deadlineMs: 10_000 };

/** What the server said of the document the last time, to be asked for only when it changed (RFC 9110 §13). */
export interface Validators {
  readonly etag?: string;
  readonly modified?: string;
}

export type Fetched =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'document'; readonly bytes: Uint8Array; readonly validators: Validators };

export interface DocumentRequest {
  readonly url: URL;
  /** The only hosts that are asked. */
  readonly hosts: readonly string[];
  readonly validators?: Validators | undefined;
  readonly limits?: FetchLimits | undefined;
}

const mostRedirects = 3;
const accept = 'application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8';

/** Only http(s), without credentials, on a listed host. */
export function isAllowed(url: URL, hosts: readonly string[]): boolean {
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' && hosts.includes(url.host);
}

/** Fetches one document. Throws FeedError; the reason of `signal` when that aborts. */
export async function fetchDocument(request: DocumentRequest, signal: AbortSignal): Promise<Fetched> {
  const limits = request.limits ?? fetchLimits;
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  try {
    const response = await follow(request, AbortSignal.any([signal, deadline]));
    return await answerOf(response, limits.maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw new FeedError(`no whole answer within ${limits.deadlineMs / 1_000} s`);
    if (error instanceof FeedError) throw error;
    throw new FeedError(`it cannot be reached (${codeOf(error)})`);
  }
}

/** Redirects are followed on the same host alone: an index must not send us into our own network. */
async function follow({ url, hosts, validators }: DocumentRequest, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    if (!isAllowed(at, hosts)) throw new FeedError(`${at.host} is not one of the hosts`);
    const response = await fetch(at.href, { headers: headersOf(validators), redirect: 'manual', signal });
    const location = response.status === 304 ? null : response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, at.href);
    if (next?.hostname !== url.hostname) throw new FeedError('it redirects to another host');
    at = next;
  }
  throw new FeedError('it redirects without end');
}

function headersOf({ etag, modified }: Validators = {}): Record<string, string> {
  return {
    accept,
    'user-agent': 'tianliang',
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(modified !== undefined && { 'if-modified-since': modified }),
  };
}

async function answerOf(response: Response, maxBytes: number): Promise<Fetched> {
  const { status, headers } = response;
  if (status === 304) return { kind: 'unchanged' };
  if (status !== 200) {
    await response.body?.cancel();
    throw new FeedError(`it answers HTTP ${status}`);
  }
  const bytes = await bodyOf(response, maxBytes);
  const [etag, modified] = [headers.get('etag'), headers.get('last-modified')];
  const validators = { ...(etag !== null && { etag }), ...(modified !== null && { modified }) };
  return { kind: 'document', bytes, validators };
}

async function bodyOf({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new FeedError(`it is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch` hides the reason in the cause; its code is a word like ECONNREFUSED. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no valid HTTP';
}
