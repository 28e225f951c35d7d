import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { RuleOutcome, SensorList, SensorRules } from './sensor-rules.ts';

export interface SilenceWatchOptions {
  readonly rules: SensorRules;
  readonly sensors: () => SensorList;
  readonly tell: (outcomes: readonly RuleOutcome[]) => Promise<void>;
  /** Whether anybody could be heard now: while our own ear is shut, silence says nothing. */
  readonly isHearing: () => boolean;
  readonly log: Log;
  /** Between two looks; 5 s unless told. */
  readonly everyMs?: number;
}

/** The clock of the rules on silence: no reading comes to tell of it. */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #untold: ErrorTally;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#untold = new ErrorTally((count, err) => options.log.error({ count, err }, 'silent sensors not told'));
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(new Date()), this.#options.everyMs ?? 5_000).unref();
  }

  /** Safe to call twice; waits for what is being told. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#telling;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A desk that is slow is not told faster than it takes. */
  #look(now: Date): void {
    if (this.#telling) return;
    const { rules, sensors, tell, isHearing } = this.#options;
    if (!isHearing()) {
      rules.deaf(now);
      return;
    }
    const outcomes = rules.tick(sensors(), now);
    if (outcomes.length === 0) return;
    this.#telling = tell(outcomes)
      .catch((error) => this.#untold.add(error))
      .finally(() => {
        this.#telling = undefined;
      });
  }
}
