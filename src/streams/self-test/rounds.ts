/** One thing after another at a beat, one at a time: what takes longer than a beat leaves beats out. */
export class Rounds {
  readonly #everyMs: number;
  readonly #turn: (signal: AbortSignal) => Promise<unknown>;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> | undefined;

  /** A turn that fails is as good as done. */
  constructor(everyMs: number, turn: (signal: AbortSignal) => Promise<unknown>) {
    this.#everyMs = everyMs;
    this.#turn = turn;
  }

  start(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer ??= setInterval(() => this.#beat(), this.#everyMs).unref();
  }

  /** Safe to call twice; once it resolves, no turn is running. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }

  #beat(): void {
    this.#running ??= this.#turn(this.#closing.signal)
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined;
      });
  }
}

export interface Waiting {
  readonly id: string;
  /** Undefined for one that never had its turn. */
  readonly lastMs: number | undefined;
  /** Something is wrong with it, perhaps: it is seen to sooner. */
  readonly urgent: boolean;
}

/** Whose turn it is: the urgent first, then who has waited longest; nobody before its rest is over. */
export function nextInTurn(
  all: readonly Waiting[],
  { now, restMs, urgentRestMs }: { readonly now: number; readonly restMs: number; readonly urgentRestMs: number },
): string | undefined {
  const due = all.filter(
    ({ lastMs, urgent }) => lastMs === undefined || now - lastMs >= (urgent ? urgentRestMs : restMs),
  );
  const rank = ({ urgent, lastMs }: Waiting) => (urgent ? Number.MIN_SAFE_INTEGER : 0) + (lastMs ?? -1);
  return due.reduce<Waiting | undefined>((first, one) => (first && rank(first) <= rank(one) ? first : one), undefined)
    ?.id;
}
