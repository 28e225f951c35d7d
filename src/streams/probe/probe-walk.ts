import { complaintOf } from './probe-advice.ts';
import type { ProbeStage, ProbeStageName } from './probe-stage.ts';

/** What a stage found when it went well; nothing but `ok` to do unless it says so. */
export type Finding = string | Omit<ProbeStage, 'stage' | 'ms'>;

/** Walks stages one after the other: measures each, remembers the first failure, and lets the caller's own abort through. */
export class ProbeWalk {
  readonly #signal: AbortSignal;
  #failed = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Never rejects but with the reason of the walk's own signal. The limit's abort is the stage's timeout. */
  async stage(
    stage: ProbeStageName,
    limitMs: number,
    work: (limit: AbortSignal) => Promise<Finding>,
  ): Promise<ProbeStage> {
    this.#signal.throwIfAborted();
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    const limit = AbortSignal.any([this.#signal, AbortSignal.timeout(limitMs)]);
    try {
      const found = await Promise.race([work(limit), expiry(limit)]);
      const facts = typeof found === 'string' ? { ok: true, code: 'ok' as const, message: found } : found;
      this.#failed = !facts.ok;
      return { stage, ms: took(), ...facts };
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#failed = true;
      return { stage, ok: false, ms: took(), ...complaintOf(error, stage) };
    }
  }
}

/** Rejects when the limit is over, whether the work listens to it or not. */
function expiry(limit: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    limit.addEventListener('abort', () => reject(limit.reason), { once: true });
  });
}
