import type { Alert } from './alert.ts';

export interface KnownAlert {
  readonly alert: Alert;
  /** Monotonic milliseconds of its last stored refresh. */
  readonly storedAt: number;
}

/** The newest alert of each key that was seen lately: saves a look into the database, never replaces it. */
export class KnownAlerts {
  readonly #limit: number;
  readonly #byKey = new Map<string, KnownAlert>();

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  get(key: string): KnownAlert | undefined {
    return this.#byKey.get(key);
  }

  /** An older version never replaces a newer one: answers of the database may be handed out in any order. */
  keep(key: string, alert: Alert, storedAt?: number): KnownAlert {
    const known = this.#byKey.get(key);
    if (known && known.alert.seq > alert.seq) return known;
    this.#byKey.delete(key);
    const kept = { alert, storedAt: storedAt ?? known?.storedAt ?? Number.NEGATIVE_INFINITY };
    this.#byKey.set(key, kept);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > this.#limit && oldest !== undefined) this.#byKey.delete(oldest);
    return kept;
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }
}
