import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An agency's web server on a port of its own: what each path answers can be changed, and what was asked is kept. */
export interface WeatherServer extends AsyncDisposable {
  readonly host: string;
  readonly url: string;
  readonly answers: Map<string, Answer>;
  readonly asked: { readonly path: string; readonly headers: IncomingMessage['headers']; status: number }[];
}

export async function startWeatherServer(): Promise<WeatherServer> {
  const answers = new Map<string, Answer>();
  const asked: WeatherServer['asked'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const row = { path, headers: request.headers, status: 0 };
    asked.push(row);
    response.on('finish', () => {
      row.status = response.statusCode;
    });
    const answer = answers.get(path) ?? ((_, missing) => missing.writeHead(404).end());
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const dispose = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { host, url: `http://${host}`, answers, asked, [Symbol.asyncDispose]: dispose };
}

/** Always the same text. */
export const saying =
  (text: string | Uint8Array, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(200, headers).end(text);

/** The text with a tag, and 304 to who has it already. */
export const tagged =
  (text: string, etag: string): Answer =>
  (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'last-modified': 'Thu, 26 Nov 2026 00:00:00 GMT' }).end(text);
  };

export const redirecting =
  (location: string): Answer =>
  (_, response) =>
    void response.writeHead(302, { location }).end();
