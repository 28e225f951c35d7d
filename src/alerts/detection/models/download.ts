import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModelNotFetched } from '../detector-errors.ts';
import { reasonOf } from './reason.ts';

export interface Download {
  readonly url: URL;
  /** Where it is to lie in the end; until then it is beside it as `.part`, and is gone on with from there. */
  readonly file: string;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
  readonly progress?: (bytes: number, of: number | undefined) => void;
  /** How long the other side may say nothing. */
  readonly idleMs?: number;
}

const mostRedirects = 3;

/**
 * Fetches one file, from where an earlier try ended when the other side can. Only from the host that was named: a
 * redirect elsewhere is refused. Throws ModelNotFetched.
 */
export async function download(wanted: Download): Promise<void> {
  const part = `${wanted.file}.part`;
  await mkdir(dirname(wanted.file), { recursive: true });
  try {
    await fetchPart(wanted, part);
    await rename(part, wanted.file);
  } catch (error) {
    throw error instanceof ModelNotFetched ? error : new ModelNotFetched(wanted.url, wordsFor(error), { cause: error });
  }
}

async function fetchPart({ url, mostBytes, signal, progress, idleMs = 30_000 }: Download, part: string): Promise<void> {
  const has = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error(`no answer for ${idleMs / 1_000} s`)), idleMs);
  try {
    const response = await ask(url, { has, signal: AbortSignal.any([signal, idle.signal]) });
    if (response.status === 416 && has > 0) return;
    const from = response.status === 206 ? has : 0;
    const length = response.headers.get('content-length');
    const total = length === null ? undefined : from + Number(length);
    if (total !== undefined && total > mostBytes) throw new ModelNotFetched(url, tooLarge(mostBytes));
    if (!response.body) throw new ModelNotFetched(url, 'the answer is empty');
    const count = (bytes: number) => {
      timer.refresh();
      progress?.(bytes, total);
    };
    await keep(response.body, part, { url, from, mostBytes, count });
  } finally {
    clearTimeout(timer);
  }
}

async function ask(
  url: URL,
  { has, signal }: { readonly has: number; readonly signal: AbortSignal },
): Promise<Response> {
  const headers = { 'accept-encoding': 'identity', ...(has > 0 && { range: `bytes=${has}-` }) };
  let at = url;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(at, { headers, signal, redirect: 'manual' });
    if (response.ok || (response.status === 416 && has > 0)) return response;
    await response.body?.cancel();
    at = redirected(url, at, response);
  }
  throw new ModelNotFetched(url, 'it is redirected without end');
}

function redirected(url: URL, at: URL, { status, headers }: Response): URL {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null)
    throw new ModelNotFetched(url, `the server answers ${status}`);
  const next = new URL(location, at);
  if (next.host !== url.host) throw new ModelNotFetched(url, `it is to be fetched from another host, ${next.host}`);
  return next;
}

interface Kept {
  readonly url: URL;
  /** So many bytes were there. */
  readonly from: number;
  readonly mostBytes: number;
  readonly count: (bytes: number) => void;
}

/** What came stays, also when the rest does not. */
async function keep(
  body: AsyncIterable<Uint8Array>,
  part: string,
  { url, from, mostBytes, count }: Kept,
): Promise<void> {
  const file = await open(part, from > 0 ? 'a' : 'w');
  let bytes = from;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new ModelNotFetched(url, tooLarge(mostBytes));
      await file.writeFile(chunk);
      count(bytes);
    }
  } finally {
    await file.close();
  }
}

const tooLarge = (mostBytes: number) => `it is larger than ${Math.round(mostBytes / 2 ** 20)} MB`;

const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT'];

function wordsFor(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (unreachable.includes(code) || code === 'UND_ERR_CONNECT_TIMEOUT')
    return `the host cannot be reached from here (${code}): without internet, copy the files and name their path`;
  return reasonOf(cause);
}
