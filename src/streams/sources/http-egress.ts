import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamFailure } from '../stream-failure.ts';
import { type HttpOrigin, OriginClient } from './origin-client.ts';

/** What ffmpeg needs to reach one origin through us. */
export interface HttpWay {
  /** A URL that leads to the source; it holds nothing secret. */
  readonly startUrl: string;
  /** For ffmpeg's option `http_proxy`; it holds a password that is good for this way alone. */
  readonly proxyUrl: string;
  /** Why the origin gave nothing, when it did not. */
  readonly failure: StreamFailure | undefined;
  close(): void;
}

const startHost = 'source.invalid';
const maxSockets = 4_096;

/**
 * The only way out for ffmpegs that read http(s): a proxy on this machine which dials one address for one origin, speaks TLS
 * and logs in itself, and follows nobody elsewhere (T38). ffmpeg sees neither the address, nor the login.
 */
export class HttpEgress {
  readonly #clients = new Map<string, OriginClient>();
  #server: Server | undefined;
  #listening: Promise<number> | undefined;

  /** A way to one origin, until closed. */
  async open(origin: HttpOrigin): Promise<HttpWay> {
    this.#listening ??= this.#listen();
    const port = await this.#listening;
    const token = randomUUID();
    const client = new OriginClient(origin);
    this.#clients.set(token, client);
    return {
      startUrl: `http://${startHost}/`,
      proxyUrl: `http://ffmpeg:${token}@127.0.0.1:${port}`,
      get failure() {
        return client.failure;
      },
      close: () => {
        this.#clients.delete(token);
        client.close();
      },
    };
  }

  /** Safe to call twice; no connection is left. */
  async close(): Promise<void> {
    await this.#listening?.catch(() => undefined);
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<number> {
    const server = createServer((request, response) => this.#serve(request, response));
    server.maxConnections = maxSockets;
    server.requestTimeout = 10_000;
    server.on('clientError', (_, socket) => socket.destroy());
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address: AddressInfo | string | null = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const client = this.#clients.get(tokenOf(request) ?? '');
    const url = URL.parse(request.url ?? '');
    if (!client) response.writeHead(407, { 'proxy-authenticate': 'Basic realm="tianliang"' }).end();
    else if (request.method !== 'GET' || !url) response.writeHead(405).end();
    else if (url.hostname === startHost) response.writeHead(302, { location: client.start }).end();
    else void client.fetch({ asked: url, from: request, to: response });
  }
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const basic = /^Basic ([\w+/=]+)$/.exec(headers['proxy-authorization'] ?? '')?.[1];
  return basic && Buffer.from(basic, 'base64').toString('latin1').split(':')[1];
}
