import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { printableText } from '../mqtt-text.ts';

/** Who it was and what it wanted, as the stranger wrote it. */
export type RefusalFacts = Readonly<Partial<Record<'device' | 'client' | 'address' | 'topic' | 'why', string>>>;

class Refusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super('refused');
    this.facts = facts;
  }
}

/** Says once a second and reason how many were refused, and who was the last. */
export class RefusalLog {
  readonly #log: Log;
  readonly #tallies = new Map<string, ErrorTally>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** `reason` is one of a few words of ours: each is a line of its own. */
  add(reason: string, facts: RefusalFacts): void {
    this.#of(reason).add(new Refusal(facts));
  }

  /** What was not said yet is said. */
  close(): void {
    for (const tally of this.#tallies.values()) tally.close();
  }

  #of(reason: string): ErrorTally {
    const known = this.#tallies.get(reason);
    if (known) return known;
    const tally = new ErrorTally((count, last) => {
      const facts = last instanceof Refusal ? last.facts : {};
      const shown = Object.entries(facts).map(([name, text]) => [name, printableText(text)]);
      this.#log.warn({ reason, count, last: Object.fromEntries(shown) }, 'broker refused');
    });
    this.#tallies.set(reason, tally);
    return tally;
  }
}
