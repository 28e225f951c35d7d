/** What it needs of the API. */
export interface TicketDesk {
  post<T>(path: string): Promise<T>;
}

interface Kept {
  readonly ticket: Promise<string>;
  readonly until: number;
}

/** Less than the server's half minute. */
const goodMs = 20_000;
const mostKept = 8;

/** Stream tickets, asked for when a hand comes near a camera, so that the click need not wait. Each is good once. */
export class TicketShelf {
  readonly #api: TicketDesk;
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(api: TicketDesk, now: () => number = () => performance.now()) {
    this.#api = api;
    this.#now = now;
  }

  /** Somebody may open this camera in a moment. */
  expect(camera: string): void {
    if (this.#fresh(camera)) return;
    const ticket = this.#ask(camera);
    // Whoever takes it hears of the failure; if nobody does it is of no interest.
    ticket.catch(() => this.#kept.delete(camera));
    this.#kept.delete(camera);
    this.#kept.set(camera, { ticket, until: this.#now() + goodMs });
    for (const oldest of [...this.#kept.keys()].slice(0, -mostKept)) this.#kept.delete(oldest);
  }

  /** Throws ProblemError. */
  async take(camera: string): Promise<string> {
    const kept = this.#fresh(camera);
    this.#kept.delete(camera);
    return await (kept?.ticket ?? this.#ask(camera));
  }

  #fresh(camera: string): Kept | undefined {
    const kept = this.#kept.get(camera);
    return kept && kept.until > this.#now() ? kept : undefined;
  }

  async #ask(camera: string): Promise<string> {
    const path = `/cameras/${encodeURIComponent(camera)}/ticket`;
    return (await this.#api.post<{ ticket: string }>(path)).ticket;
  }
}
