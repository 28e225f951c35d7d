export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Exponential with full jitter: anywhere between nothing and the doubled delay, so that a thousand peers do not dial at once. */
export function retryDelayMs({ baseMs, maxMs }: Backoff, attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return Math.round(random() * ceiling);
}
