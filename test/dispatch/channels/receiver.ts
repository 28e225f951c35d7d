import { createHmac } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { WebhookConfig } from '../../../src/dispatch/channels/config.ts';

export const secret = 'a-secret-of-the-receiver';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly type: string;
    readonly seq: number;
    readonly missed?: number;
    readonly data: { readonly id: string; readonly version: number } & Readonly<Record<string, unknown>>;
  };
  /** What it was answered with. */
  readonly status: number;
  readonly isSigned: boolean;
}

export type Answer = (response: ServerResponse, count: number) => void;
export const answer =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status).end();

/** A real receiver of webhooks: it answers as it is told to and remembers what it was asked. */
export async function startReceiver(first: Answer = answer(204)) {
  const received: Received[] = [];
  const events = new EventEmitter();
  let respond = first;
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    respond(response, received.length + 1);
    const { headers } = request;
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;
    const isSigned = headers['webhook-signature'] === signature;
    received.push({ headers, body: JSON.parse(body), status: response.statusCode, isSigned });
    events.emit('received');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  /** Resolves once so much has come that `isEnough`. */
  const until = async (isEnough: (received: readonly Received[]) => boolean, ms = 20_000) => {
    const signal = AbortSignal.timeout(ms);
    if (isEnough(received)) return;
    for await (const _ of on(events, 'received', { signal })) if (isEnough(received)) return;
  };
  const end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    taken: () => received.filter(({ status }) => status < 300),
    answers: (next: Answer) => {
      respond = next;
    },
    until,
    [Symbol.asyncDispose]: end,
  };
}

export function webhookTo(url: string, changes: Partial<WebhookConfig> = {}): WebhookConfig {
  return {
    id: 'ops',
    kind: 'webhook',
    url,
    secret,
    events: ['alerts', 'incidents'],
    severity: 'info',
    allow: ['127.0.0.0/8'],
    ...changes,
  };
}
