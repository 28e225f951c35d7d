import type { IgnoreReason, NotedEvent, RejectReason } from './decoders/decoded.ts';
import { type Sample, type SampleFacts, sampleOf, samplesKept } from './message-sample.ts';
import { UnknownMessages, type UnknownTopic } from './unknown-messages.ts';

/** Every reason a connection, a subscription or a message was refused for. */
export type RefusalReason = RejectReason | IgnoreReason | ConnectionRefusal;

export type ConnectionRefusal =
  | 'too-many-sockets'
  | 'frame-too-large'
  | 'malformed-frame'
  | 'no-connect'
  | 'connect-timeout'
  | 'bad-credentials'
  | 'client-id'
  | 'invalid-text'
  | 'foreign-will'
  | 'foreign-subscription'
  | 'protocol-error'
  | 'client-certificate'
  | 'tls-handshake'
  | 'over-rate'
  | 'not-reading'
  | 'session-full'
  | 'too-many-sessions'
  | 'too-many-subscriptions'
  | Jt808Refusal;

/** What only connections of JT/T 808 are refused for. */
export type Jt808Refusal =
  | 'no-frame'
  | 'wrong-check'
  | 'encrypted'
  | 'not-authenticated'
  | 'foreign-phone'
  | 'incomplete-message'
  | 'unsupported-message'
  | 'unread-answers';

/** More than one configuration has; those of former ones go first. */
const patternsKept = 1_200;

/** Topics nothing takes, and wrong payloads by the pattern of their topics. */
export interface SampleList {
  readonly unknown: UnknownTopic[];
  readonly wrong: { topic: string; samples: Sample[] }[];
}

/** What came in and what was refused, why, and the last few of the wrong ones. */
export class IntakeCounters {
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Map<RefusalReason, number>();
  readonly #samples = new Map<string, Sample[]>();
  readonly #noted = new Map<NotedEvent, number>();
  /** What nothing takes. */
  readonly unknown = new UnknownMessages();
  #skewed = 0;

  /** By type of message. */
  get accepted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#accepted);
  }

  get refused(): Readonly<Partial<Record<RefusalReason, number>>> {
    return Object.fromEntries(this.#refused);
  }

  /** Messages of devices whose clock was more than five minutes off. */
  get skewed(): number {
    return this.#skewed;
  }

  /** The last five wrong payloads of each topic pattern. */
  get samples(): Readonly<Record<string, readonly Sample[]>> {
    return Object.fromEntries(this.#samples);
  }

  /** What was not taken, for somebody who may see some of the devices. */
  listSamples(maySee: (sample: Sample) => boolean): SampleList {
    const seen = <T extends { readonly samples: readonly Sample[] }>(topics: readonly T[]) =>
      topics
        .map((topic) => ({ ...topic, samples: topic.samples.filter(maySee) }))
        .filter(({ samples }) => samples.length > 0);
    const wrong = [...this.#samples].map(([topic, samples]) => ({ topic, samples }));
    return { unknown: seen(this.unknown.list()), wrong: seen(wrong) };
  }

  accept(type: string, skewed: boolean): void {
    this.#accepted.set(type, (this.#accepted.get(type) ?? 0) + 1);
    if (skewed) this.#skewed += 1;
  }

  refuse(reason: RefusalReason): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }

  /** Events that came with a message, like the entering of a region. */
  get noted(): Readonly<Partial<Record<NotedEvent, number>>> {
    return Object.fromEntries(this.#noted);
  }

  note(event: NotedEvent): void {
    this.#noted.set(event, (this.#noted.get(event) ?? 0) + 1);
  }

  keep(pattern: string, facts: SampleFacts, payload: Uint8Array): void {
    const kept = this.#samples.get(pattern) ?? [];
    this.#samples.set(pattern, [...kept, sampleOf(facts, payload)].slice(-samplesKept));
    const [oldest] = this.#samples.keys();
    if (this.#samples.size > patternsKept && oldest !== undefined) this.#samples.delete(oldest);
  }
}
