import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

/** One write as it came, in milliseconds of `performance.now()`. */
export interface Try {
  readonly at: number;
  readonly points: number;
  /** When it was answered or given up. */
  endedAt: number | undefined;
}

/** A write that stands in the door: `apply` gives (some of) it to the server behind. */
interface Write {
  readonly lines: readonly string[];
  readonly apply: (lines: readonly string[]) => Promise<Response>;
  readonly response: ServerResponse;
}

type Misbehave = (write: Write) => unknown;

export const retryAfterSeconds = 3;
const slowMs = 10_000;

function cut({ socket }: ServerResponse, lastWords = ''): void {
  if (lastWords !== '') socket?.write(lastWords);
  setImmediate(() => socket?.resetAndDestroy());
}

const misbehaviours = {
  'takes it and never answers': () => {},
  'answers 503': ({ response }) => response.writeHead(503).end('{"message":"shutting down"}'),
  'answers 429 with Retry-After': ({ response }) =>
    response.writeHead(429, { 'retry-after': String(retryAfterSeconds) }).end(),
  'stores it and answers after 10 s': async ({ apply, lines, response }) => {
    const answer = await apply(lines);
    await delay(slowMs, undefined, { ref: false });
    response.writeHead(answer.status).end();
  },
  'stores it and the answer is lost': async ({ apply, lines, response }) => {
    await apply(lines);
    cut(response);
  },
  'stores it and is reset in mid-answer': async ({ apply, lines, response }) => {
    await apply(lines);
    cut(response, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 512\r\n\r\n{"res');
  },
  'stores half of it and is reset': async ({ apply, lines, response }) => {
    await apply(lines.slice(0, Math.ceil(lines.length / 2)));
    cut(response);
  },
} as const satisfies Readonly<Record<string, Misbehave>>;

export type Misbehaviour = keyof typeof misbehaviours;
export const allMisbehaviours = Object.keys(misbehaviours) as Misbehaviour[];

/** Stands in front of an InfluxDB, real or ours, and misbehaves about writes as it is told. Questions go through. */
export class InfluxFront implements AsyncDisposable {
  readonly #behind: string;
  readonly #server = createServer(
    (request, response) => void this.#answer(request, response).catch(() => response.destroy()),
  );
  /** Since it was last emptied. */
  tries: Try[] = [];
  misbehaviour: Misbehaviour | undefined;
  /** Sees each write. */
  watch: (lines: readonly string[]) => void = () => {};

  constructor(behind: string) {
    this.#behind = behind;
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now();
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const isWrite = /\/write(\?|$)/.test(request.url ?? '');
    const lines = body.toString().split('\n');
    if (isWrite) this.watch(lines);
    if (isWrite) this.#note({ at, points: lines.length, endedAt: undefined }, response);
    const apply = (some: readonly string[]) => this.#forward(request, some.join('\n'));
    if (isWrite && this.misbehaviour) {
      await misbehaviours[this.misbehaviour]({ lines, apply, response });
      return;
    }
    const answer = await apply(lines);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  #note(tried: Try, response: ServerResponse): void {
    this.tries.push(tried);
    response.once('close', () => {
      tried.endedAt = performance.now();
    });
  }

  #forward({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Promise<Response> {
    const { authorization } = headers;
    return fetch(`${this.#behind}${url}`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
      ...(method !== 'GET' && { body }),
    });
  }
}
