import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { PushLetter } from '../../../../src/dispatch/channels/push/push-letter.ts';
import type { Subscription } from '../../../../src/dispatch/channels/push/web-push.ts';
import { selfSigned } from '../../../helpers/self-signed.ts';

/** A browser that subscribes, and reads what is sealed for it (RFC 8188, RFC 8291). */
export function newBrowser(endpoint: string) {
  const own = createECDH('prime256v1');
  const publicKey = own.generateKeys();
  const auth = randomBytes(16);
  const subscription: Subscription = {
    endpoint,
    expirationTime: null,
    keys: { p256dh: publicKey.toString('base64url'), auth: auth.toString('base64url') },
  };
  const open = (sealed: Buffer): PushLetter => {
    const salt = sealed.subarray(0, 16);
    const length = sealed.readUInt8(20);
    const sender = sealed.subarray(21, 21 + length);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), publicKey, sender]);
    const secret = Buffer.from(hkdfSync('sha256', own.computeSecret(sender), auth, info, 32));
    const derive = (name: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${name}\0`), bytes));
    const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
    const body = sealed.subarray(21 + length);
    cipher.setAuthTag(body.subarray(-16));
    const text = Buffer.concat([cipher.update(body.subarray(0, -16)), cipher.final()]).toString();
    return JSON.parse(text.slice(0, text.lastIndexOf('}') + 1));
  };
  return { subscription, open };
}

export interface Pushed {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly status: number;
}

/** A real push service on localhost: it takes what is posted, answered as it is told to. */
export async function startPushService() {
  const { key, cert } = selfSigned('localhost');
  const pushed: Pushed[] = [];
  const events = new EventEmitter();
  let status = 201;
  const server = createServer({ key, cert }, async (request, response) => {
    const body = await buffer(request);
    response.writeHead(status).end();
    pushed.push({ path: request.url ?? '', headers: request.headers, body, status });
    events.emit('pushed');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `localhost:${typeof address === 'object' && address ? address.port : 0}`;
  const until = async (count: number) => {
    const signal = AbortSignal.timeout(20_000);
    if (pushed.length >= count) return;
    for await (const _ of on(events, 'pushed', { signal })) if (pushed.length >= count) return;
  };
  const end = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    ca: cert,
    host,
    pushed,
    until,
    browser: (name: string) => newBrowser(`https://${host}/push/${name}`),
    answers: (next: number) => {
      status = next;
    },
    [Symbol.asyncDispose]: end,
  };
}
