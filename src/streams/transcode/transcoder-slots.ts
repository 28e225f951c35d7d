import { type Static, Type } from 'typebox';
import { AppError } from '../../shared/app-error.ts';

/** `video.transcoders` of tianliang.yaml. */
export const TranscoderLimit = Type.Integer({
  minimum: 0,
  maximum: 64,
  default: 2,
  description:
    'how many streams may be turned from H.265 into H.264 at once, 0 to 64; each takes about a third of a core',
});
export type TranscoderLimit = Static<typeof TranscoderLimit>;

/** As many streams as may are being transcoded already. */
export class TranscodersBusyError extends AppError {
  readonly code = 'TRANSCODERS_BUSY';
  override readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;

  constructor(limit: number) {
    super(
      `This camera sends H.265, and ${limit} streams are being turned into H.264 already, which is the most ` +
        'video.transcoders allows; close one, or watch with a player that knows H.265.',
    );
  }
}

/** Who has a slot. */
export interface SlotHolder {
  /** Whether nobody watches it any more: it gives way to whoever comes. */
  readonly spare: boolean;
  /** Has to stop and to give its slot back at once. */
  yieldSlot(): void;
}

/** How many transcoders run, of all cameras together: each costs a good part of a core. */
export class TranscoderSlots {
  readonly limit: number;
  readonly #holders = new Set<SlotHolder>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#holders.size;
  }

  get free(): boolean {
    return this.#holders.size < this.limit || [...this.#holders].some(({ spare }) => spare);
  }

  /** Returns the function that gives the slot back. Throws TranscodersBusyError. */
  take(holder: SlotHolder): () => void {
    if (this.#holders.size >= this.limit) [...this.#holders].find(({ spare }) => spare)?.yieldSlot();
    if (this.#holders.size >= this.limit) throw new TranscodersBusyError(this.limit);
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  }
}
