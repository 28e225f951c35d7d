import { type ClientRequest, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { digestAuthorization } from '../onvif/http-digest.ts';
import type { TlsTrust } from '../rtsp/rtsp-dial.ts';
import { StreamFailure } from '../stream-failure.ts';
import { dialFailure, dialTls } from './origin-dial.ts';

/** Where one http(s) source lies. */
export interface HttpOrigin {
  /** The source, without a login in it. */
  readonly url: URL;
  /** The one address its host is dialled at. */
  readonly address: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly trust?: TlsTrust;
}

interface Fetching {
  readonly asked: URL;
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  /** The Authorization header of a second try. */
  readonly authorization?: string;
}

const silenceMs = 10_000;
const passedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

/** Fetches from one origin, at one address, and remembers why it could not. */
export class OriginClient {
  readonly #origin: HttpOrigin;
  readonly #requests = new Set<ClientRequest>();
  #failure: StreamFailure | undefined;

  constructor(origin: HttpOrigin) {
    this.#origin = origin;
  }

  /** Why the origin gave nothing, when it did not. */
  get failure(): StreamFailure | undefined {
    return this.#failure;
  }

  /** The source as ffmpeg is told of it: plain http with the port said, since TLS is spoken here. */
  get start(): string {
    return outsideUrl(this.#origin.url);
  }

  /** Answers with what the origin says to a GET of `asked`; another host than the origin's is refused. */
  async fetch(fetching: Fetching): Promise<void> {
    const { asked, to } = fetching;
    try {
      if (outsideHost(asked) !== outsideHost(new URL(this.start))) throw elsewhere();
      const { url, address, trust } = this.#origin;
      const socket = url.protocol === 'https:' ? await dialTls(url, address, trust) : undefined;
      this.#send(fetching, socket);
    } catch (error) {
      this.#fail(to, dialFailure(error instanceof Error ? error : new Error('unknown')));
    }
  }

  close(): void {
    for (const request of this.#requests) request.destroy();
  }

  #send(fetching: Fetching, socket: Socket | undefined): void {
    const { asked, from, to, authorization } = fetching;
    const { url, address } = this.#origin;
    const login = authorization ?? this.#basic();
    const request = requestHttp({
      host: address,
      port: Number(url.port || 80),
      path: `${asked.pathname}${asked.search}`,
      agent: false,
      timeout: silenceMs,
      headers: {
        host: url.host,
        'user-agent': 'tianliang',
        ...(from.headers.range && { range: from.headers.range }),
        ...(login !== undefined && { authorization: login }),
      },
      ...(socket && { createConnection: () => socket }),
    });
    this.#requests.add(request);
    to.once('close', () => request.destroy());
    request.once('close', () => this.#requests.delete(request));
    request.once('timeout', () => request.destroy(new StreamFailure('timeout', 'The source does not answer.')));
    request.once('error', (error) => this.#fail(to, dialFailure(error)));
    request.once('response', (answer) => this.#answer(answer, fetching));
    request.end();
  }

  #answer(answer: IncomingMessage, fetching: Fetching): void {
    const { to } = fetching;
    const status = answer.statusCode ?? 502;
    answer.on('error', () => to.destroy());
    if (status >= 200 && status < 300) {
      const headers = passedOn.flatMap((name) =>
        answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]],
      );
      to.writeHead(status, Object.fromEntries(headers));
      answer.pipe(to);
      return;
    }
    answer.destroy();
    const digest = status === 401 && !fetching.authorization ? this.#digest(answer, fetching.asked) : undefined;
    if (digest !== undefined) void this.fetch({ ...fetching, authorization: digest });
    else if (status >= 300 && status < 400) this.#redirect(answer, fetching);
    else this.#fail(to, statusFailure(status));
  }

  /** Within the origin only; anywhere else it is not followed. */
  #redirect({ headers }: IncomingMessage, { asked, to }: Fetching): void {
    const { url } = this.#origin;
    const target = URL.parse(headers.location ?? '', new URL(`${asked.pathname}${asked.search}`, url).href);
    if (target?.origin === url.origin) to.writeHead(302, { location: outsideUrl(target) }).end();
    else this.#fail(to, elsewhere());
  }

  #basic(): string | undefined {
    const { credentials } = this.#origin;
    if (!credentials) return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  }

  #digest({ headers }: IncomingMessage, asked: URL): string | undefined {
    const { credentials } = this.#origin;
    const challenge = headers['www-authenticate'] ?? '';
    if (!credentials) return undefined;
    return digestAuthorization(challenge, credentials, { method: 'GET', uri: `${asked.pathname}${asked.search}` });
  }

  #fail(to: ServerResponse, failure: StreamFailure): void {
    this.#failure ??= failure;
    if (to.headersSent) to.destroy();
    else to.writeHead(502).end();
  }
}

function outsideUrl(url: URL): string {
  return `http://${outsideHost(url)}${url.pathname}${url.search}`;
}

/** Host and port, the port always said. */
function outsideHost({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

function elsewhere(): StreamFailure {
  return new StreamFailure('protocol', 'The source leads to another host than its own; it is not followed.');
}

function statusFailure(status: number): StreamFailure {
  if (status === 401 || status === 403) return new StreamFailure('unauthorized', 'The source refuses the login.');
  if (status === 404) return new StreamFailure('not_found', 'The source has no such stream.');
  return new StreamFailure('protocol', `The source answers ${status}.`);
}
