import { Value } from 'typebox/value';
import { ClientMessage, closeCodes } from './contract.ts';

export type Inbound =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly code: number; readonly reason: string };

export const largestFrameBytes = 64 * 1024;

/** One frame of a seat, checked whole: nothing else of it is looked at. */
export function readClientMessage(frame: Uint8Array, isBinary: boolean): Inbound {
  if (frame.byteLength > largestFrameBytes) return refused(closeCodes.tooBig, 'frame over 64 KiB');
  const message = isBinary ? undefined : parse(frame);
  return Value.Check(ClientMessage, message) ? { ok: true, message } : refused(closeCodes.policy, 'malformed message');
}

function parse(frame: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString());
  } catch {
    return undefined;
  }
}

const refused = (code: number, reason: string): Inbound => ({ ok: false, code, reason });

const windowMs = 1_000;

/** Lets so many through a second, counted in whole seconds of a monotonic clock. */
export class RateLimit {
  readonly #perSecond: number;
  #windowEnds = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  admits(now: number): boolean {
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + windowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#perSecond;
  }
}
