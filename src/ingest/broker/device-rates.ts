import { TokenBucket } from './token-bucket.ts';

export interface RateLimits {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** What a device that was quiet may say at once, in seconds of its rate: what it kept while it had no signal. */
  readonly burstSeconds: number;
}

export const defaultRates: RateLimits = { messagesPerSecond: 50, bytesPerSecond: 256 * 1024, burstSeconds: 10 };

interface Buckets {
  readonly messages: TokenBucket;
  readonly bytes: TokenBucket;
}

/** How much each device may say, over all its connections together. */
export class DeviceRates {
  readonly #limits: RateLimits;
  readonly #devices = new Map<string, Buckets>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Milliseconds this message has to wait for its turn; undefined, and nothing is taken, when that is over `patienceMs`. */
  take(device: string, bytes: number, { now, patienceMs }: { now: number; patienceMs: number }): number | undefined {
    const buckets = this.#of(device, now);
    const waitMs = Math.max(buckets.messages.waitMs(1, now), buckets.bytes.waitMs(bytes, now));
    if (waitMs > patienceMs) return undefined;
    buckets.messages.spend(1);
    buckets.bytes.spend(bytes);
    return waitMs;
  }

  forget(device: string): void {
    this.#devices.delete(device);
  }

  #of(device: string, now: number): Buckets {
    const known = this.#devices.get(device);
    if (known) return known;
    const { messagesPerSecond, bytesPerSecond, burstSeconds } = this.#limits;
    const buckets = {
      messages: new TokenBucket(messagesPerSecond, { most: messagesPerSecond * burstSeconds, now }),
      bytes: new TokenBucket(bytesPerSecond, { most: bytesPerSecond * burstSeconds, now }),
    };
    this.#devices.set(device, buckets);
    return buckets;
  }
}
