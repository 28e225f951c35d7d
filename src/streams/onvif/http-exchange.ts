import { once } from 'node:events';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { NotOnvif, OnvifTimeout, OnvifUnreachable, UnsafeOnvifAnswer } from './onvif-errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Each `WWW-Authenticate` challenge. */
  readonly challenges: readonly string[];
  readonly body: Buffer;
}

export interface HttpLimits {
  readonly maxBytes: number;
  /** For everything: name, connection, request and the last byte of the answer. */
  readonly deadlineMs: number;
}

/**
 * One HTTP request to exactly one host: no redirect is followed, no encoding undone, no more than `maxBytes` kept.
 * Throws OnvifTimeout, OnvifUnreachable or UnsafeOnvifAnswer; the reason of `signal` when that aborts.
 */
export async function exchange(request: HttpRequest, limits: HttpLimits, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  try {
    return await perform(request, limits.maxBytes, AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    const { host } = request.url;
    if (deadline.aborted) throw new OnvifTimeout(host, limits.deadlineMs);
    throw translated(error, host);
  }
}

function translated(error: unknown, host: string): Error {
  if (error instanceof UnsafeOnvifAnswer) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const parserError = 'code' in cause && String(cause.code).startsWith('HPE_');
  return parserError ? new NotOnvif(host, 'its HTTP cannot be read') : new OnvifUnreachable(host, cause);
}

async function perform(
  { method, url, headers, body }: HttpRequest,
  maxBytes: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  // Cameras sign their own certificates: whoever uses https here is protected from listeners, not from impostors.
  const request = send(url, { method, headers: { ...headers }, agent: false, signal, rejectUnauthorized: false });
  // A late error (after the answer was refused) has nobody else to hear it.
  request.on('error', () => {});
  request.end(body);
  const [message]: IncomingMessage[] = await once(request, 'response');
  if (!message) throw new Error('no response');
  try {
    refuseUnsafe(message, url.host, maxBytes);
    return {
      status: message.statusCode ?? 0,
      challenges: challengesOf(message),
      body: await read(message, url.host, maxBytes),
    };
  } finally {
    request.destroy();
  }
}

function refuseUnsafe({ statusCode = 0, headers }: IncomingMessage, host: string, maxBytes: number): void {
  if (statusCode >= 300 && statusCode < 400) throw new UnsafeOnvifAnswer(host, 'it redirects');
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw new UnsafeOnvifAnswer(host, `over ${maxBytes} bytes`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new UnsafeOnvifAnswer(host, 'it is compressed, which nobody asked for');
}

async function read(message: IncomingMessage, host: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > maxBytes) throw new UnsafeOnvifAnswer(host, `over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  if (!message.complete) throw new Error('the connection ended within the answer');
  return Buffer.concat(chunks);
}

function challengesOf({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter(
    (_, index) => rawHeaders[index - 1]?.toLowerCase() === 'www-authenticate' && index % 2 === 1,
  );
}
