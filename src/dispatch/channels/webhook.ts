import { createHmac } from 'node:crypto';
import type { WebhookConfig } from './config.ts';
import type { Notice } from './notice.ts';
import type { ReceiverClient } from './receiver-client.ts';

/** Tells one receiver by HTTP, signed so that it knows who speaks (standardwebhooks.com). */
export class Webhook {
  readonly #url: URL;
  readonly #key: Buffer;
  readonly #client: Pick<ReceiverClient, 'post'>;

  constructor({ url, secret }: Pick<WebhookConfig, 'url' | 'secret'>, client: Pick<ReceiverClient, 'post'>) {
    this.#url = new URL(url);
    this.#key = webhookKey(secret);
    this.#client = client;
  }

  /** Resolves once the receiver has taken it. Throws DeliveryError. */
  async tell({ id, seq, at, type, missed, data }: Notice, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify({ type, seq, timestamp: at, ...(missed !== undefined && { missed }), data });
    const headers = {
      'content-type': 'application/json',
      ...signedHeaders({ id, body, key: this.#key, at: new Date() }),
    };
    await this.#client.post({ url: this.#url, headers, body }, signal);
  }
}

/** What is signed: the id, when it is sent, and the body. */
export interface Signing {
  readonly id: string;
  readonly body: string;
  readonly key: Buffer;
  readonly at: Date;
}

export function signedHeaders({ id, body, key, at }: Signing): Record<string, string> {
  const timestamp = `${Math.floor(at.getTime() / 1_000)}`;
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const prefix = 'whsec_';

/** A secret in the form of the standard is base64; any other one is its own letters. */
export function webhookKey(secret: string): Buffer {
  return secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
}
