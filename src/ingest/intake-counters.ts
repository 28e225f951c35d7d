import type { IgnoreReason, RejectReason } from './decoders/decoded.ts';

/** Every reason a connection, a subscription or a message was refused for. */
export type RefusalReason = RejectReason | IgnoreReason | ConnectionRefusal;

export type ConnectionRefusal =
  | 'too-many-sockets'
  | 'frame-too-large'
  | 'malformed-frame'
  | 'no-connect'
  | 'connect-timeout'
  | 'bad-credentials'
  | 'client-id'
  | 'invalid-text'
  | 'foreign-will'
  | 'foreign-subscription'
  | 'protocol-error';

/** A wrong payload kept to be looked at; `payload` is cut and made safe to print. */
export interface Sample {
  readonly at: string;
  readonly device: string;
  readonly reason: string;
  readonly payload: string;
}

const samplesKept = 5;
const sampleBytes = 256;

/** What came in and what was refused, why, and the last few of the wrong ones. */
export class IntakeCounters {
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Map<RefusalReason, number>();
  readonly #samples = new Map<string, Sample[]>();
  #skewed = 0;

  /** By type of message. */
  get accepted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#accepted);
  }

  get refused(): Readonly<Partial<Record<RefusalReason, number>>> {
    return Object.fromEntries(this.#refused);
  }

  /** Messages of devices whose clock was more than five minutes off. */
  get skewed(): number {
    return this.#skewed;
  }

  /** The last five wrong payloads of each topic pattern. */
  get samples(): Readonly<Record<string, readonly Sample[]>> {
    return Object.fromEntries(this.#samples);
  }

  accept(type: string, skewed: boolean): void {
    this.#accepted.set(type, (this.#accepted.get(type) ?? 0) + 1);
    if (skewed) this.#skewed += 1;
  }

  refuse(reason: RefusalReason): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }

  keep(pattern: string, sample: Omit<Sample, 'payload'>, payload: Uint8Array): void {
    const kept = this.#samples.get(pattern) ?? [];
    this.#samples.set(pattern, [...kept, { ...sample, payload: printable(payload) }].slice(-samplesKept));
  }
}

function printable(payload: Uint8Array): string {
  const text = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, sampleBytes)).toString();
  return text.replace(/[\p{C}\ufffd]/gu, '·');
}
