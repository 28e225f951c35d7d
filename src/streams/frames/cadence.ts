import type { ArrivedUnit } from '../hub/stream-hub.ts';

/** How a camera sends its pictures, as far as it was seen. Milliseconds. */
export interface Cadence {
  /** When the last key picture came. */
  readonly keyAt?: number;
  /** Between the last key pictures, the newest first. */
  readonly spacings: readonly number[];
  /** RTP time of the last picture. */
  readonly timestamp?: number;
  /** Since the last key picture one came that is shown before another that came earlier. */
  readonly isReordered: boolean;
  /** Key pictures alone are enough: decoding what lies between them would be work for nothing. */
  readonly keysOnly: boolean;
}

export const unknownCadence: Cadence = { spacings: [], isReordered: false, keysOnly: false };

const seenSpacings = 3;
/** A camera that sends a key picture each second sends some of them late. */
const tolerance = 1.1;

/**
 * What is known after one more picture. A stream whose pictures are shown in another order than they come is decoded whole:
 * a decoder holds its key picture back until those around it are there.
 */
export function nextCadence(before: Cadence, { unit, at }: ArrivedUnit, everyMs: number): Cadence {
  const { timestamp } = unit;
  if (!unit.key) {
    const isEarlier = before.timestamp !== undefined && ((timestamp - before.timestamp) | 0) < 0;
    return { ...before, timestamp, isReordered: before.isReordered || isEarlier };
  }
  const keyAt = at.getTime();
  const spacings = before.keyAt === undefined ? [] : [keyAt - before.keyAt, ...before.spacings].slice(0, seenSpacings);
  const isOften = spacings.length === seenSpacings && spacings.every((spacing) => spacing <= everyMs * tolerance);
  return { keyAt, spacings, timestamp, isReordered: false, keysOnly: isOften && !before.isReordered };
}
