/**
 * Some bytes of a larger piece of memory that is used again and again: valid during the call they are given to. A view for
 * each packet would be the most of what a packet costs.
 */
export interface ByteSpan {
  readonly memory: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A buffer that holds nothing else. */
export function spanOf(memory: Buffer): ByteSpan {
  return { memory, start: 0, end: memory.length };
}
