import { type Sample, sampleOf, samplesKept } from './message-sample.ts';

/** What came on one topic that nothing takes. */
export interface UnknownTopic {
  readonly topic: string;
  readonly count: number;
  readonly lastAt: string;
  /** The newest ones, oldest first. */
  readonly samples: Sample[];
}

/** Why nothing takes it. */
export interface UnknownMessage {
  readonly topic: string;
  readonly reason: 'unknown-topic' | 'unknown-device';
  readonly at: Date;
  /** Who it says it is, or whose connection it came by. */
  readonly device?: string | undefined;
}

const topicsKept = 200;

/** Topics without a decoder, or of a device nobody has configured: the ones heard last, and what they said. */
export class UnknownMessages {
  /** The least recently heard first. */
  readonly #topics = new Map<string, Omit<UnknownTopic, 'topic'>>();

  keep({ topic, reason, at, device }: UnknownMessage, payload: Uint8Array): void {
    const { count, samples } = this.#topics.get(topic) ?? { count: 0, samples: [] };
    const lastAt = at.toISOString();
    const sample = sampleOf({ at: lastAt, reason, ...(device !== undefined && { device }) }, payload);
    this.#topics.delete(topic);
    this.#topics.set(topic, { count: count + 1, lastAt, samples: [...samples, sample].slice(-samplesKept) });
    const [oldest] = this.#topics.keys();
    if (this.#topics.size > topicsKept && oldest !== undefined) this.#topics.delete(oldest);
  }

  /** Those that are known by now are forgotten. */
  forget(isKnown: (topic: string) => boolean): void {
    for (const topic of [...this.#topics.keys()]) if (isKnown(topic)) this.#topics.delete(topic);
  }

  /** The one heard last first. */
  list(): UnknownTopic[] {
    return [...this.#topics].map(([topic, kept]) => ({ topic, ...kept })).reverse();
  }
}
