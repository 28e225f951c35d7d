import { type ClientRequest, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { AddressPolicy, privateNetworks } from '../../shared/address-policy.ts';
import { AppError } from '../../shared/app-error.ts';
import { pinAddress } from '../../shared/pinned-address.ts';

export interface Delivery {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface ReceiverClientOptions {
  /** Networks its address may lie in; none: every public one. */
  readonly allow: readonly string[];
  /** For everything: name, connection and answer. */
  readonly deadlineMs?: number | undefined;
  /** Trusted instead of the authorities that Node knows: for a receiver with a certificate of its own. */
  readonly ca?: string | undefined;
}

/** The receiver did not take it; the message says why, without its address: that may hold a key. */
export class DeliveryError extends AppError {
  readonly code = 'NOT_DELIVERED';
  /** Of its answer, when there was one. */
  readonly status: number | undefined;

  constructor(reason: string, { status, ...options }: ErrorOptions & { readonly status?: number } = {}) {
    super(reason, options);
    this.status = status;
  }
}

const deliveryDeadlineMs = 10_000;
const everywhere = ['0.0.0.0/0', '::/0'];

/** Posts to one address that its name led to at that moment, and to no other: redirects are not followed (T38). */
export class ReceiverClient {
  readonly #policy: Pick<AddressPolicy, 'allows'>;
  readonly #deadlineMs: number;
  readonly #ca: string | undefined;

  constructor({ allow, deadlineMs = deliveryDeadlineMs, ca }: ReceiverClientOptions) {
    this.#policy = receiverPolicy(allow);
    this.#deadlineMs = deadlineMs;
    this.#ca = ca;
  }

  /** Resolves once it is answered with 2xx. Throws DeliveryError; the reason of `signal` when that aborts. */
  async post(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    try {
      const status = await this.#answered(delivery, AbortSignal.any([signal, deadline]));
      if (status < 200 || status > 299) throw new DeliveryError(`it answers HTTP ${status}`, { status });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DeliveryError) throw error;
      if (deadline.aborted) throw new DeliveryError(`no answer within ${this.#deadlineMs / 1_000} s`);
      throw new DeliveryError(reasonOf(error), { cause: error });
    }
  }

  async #answered(delivery: Delivery, signal: AbortSignal): Promise<number> {
    const address = await pinAddress(delivery.url.hostname, this.#policy);
    signal.throwIfAborted();
    return await send(delivery, { address, ca: this.#ca, signal });
  }
}

interface Pinned {
  readonly address: string;
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/** What the answer says beyond its status interests nobody, and might not end. */
function send(delivery: Delivery, pinned: Pinned): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = open(delivery, pinned);
  request.once('error', reject);
  request.once('response', (response) => {
    resolve(response.statusCode ?? 0);
    request.destroy();
  });
  request.end(delivery.body);
  return promise;
}

function open({ url, headers, body }: Delivery, { address, ca, signal }: Pinned): ClientRequest {
  const family = isIP(address);
  const options: RequestOptions = {
    method: 'POST',
    signal,
    agent: false,
    headers: { ...headers, 'user-agent': 'tianliang', 'content-length': `${Buffer.byteLength(body)}` },
    lookup: (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return url.protocol === 'https:' ? secureRequest(url, { ...options, ...(ca && { ca }) }) : plainRequest(url, options);
}

/** Public addresses unless told; a private one is as little meant by a name elsewhere as this machine is. */
function receiverPolicy(allow: readonly string[]): Pick<AddressPolicy, 'allows'> {
  if (allow.length > 0) return new AddressPolicy(allow);
  const [all, inner] = [new AddressPolicy(everywhere), new AddressPolicy(privateNetworks)];
  return { allows: (address) => all.allows(address) && !inner.allows(address) };
}

/** Ours as it is; of others the code, a word like ECONNREFUSED. */
function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no valid HTTP';
  return `it cannot be reached (${code})`;
}
