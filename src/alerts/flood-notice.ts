import type { Log } from '../shared/log.ts';
import type { Alert } from './alert.ts';
import { type Observation, sourceOf } from './observation.ts';

export interface FloodNoticeOptions {
  /** After this long the count is final, and the next flood is a new one. */
  readonly windowMs: number;
  readonly announce: (notice: Observation) => Promise<Alert>;
  readonly end: (key: string, at: Date) => Promise<unknown>;
  readonly log: Log;
}

interface Flood {
  readonly first: Observation;
  readonly announced: Promise<Alert>;
  readonly timer: NodeJS.Timeout;
  count: number;
}

const prefix = 'flood:';

export const isFloodKey = (key: string): boolean => key.startsWith(prefix);

/** Says once that a source is being held back, and at the end of the window how many it was. */
export class FloodNotice {
  readonly #options: FloodNoticeOptions;
  readonly #floods = new Map<string, Flood>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FloodNoticeOptions) {
    this.#options = options;
  }

  /** Counts the observation and answers the alert that stands for it. */
  suppressed(observation: Observation): Promise<Alert> {
    const source = sourceOf(observation);
    const flood = this.#floods.get(source) ?? this.#begin(source, observation);
    flood.count += 1;
    return flood.announced;
  }

  /** Tells the counts it has, without waiting for the windows. */
  async close(): Promise<void> {
    for (const source of this.#floods.keys()) this.#finish(source);
    await this.#last;
  }

  #begin(source: string, first: Observation): Flood {
    const timer = setTimeout(() => this.#finish(source), this.#options.windowMs).unref();
    const flood = { first, timer, count: 0, announced: this.#options.announce(noticeOf(first, 1)) };
    this.#floods.set(source, flood);
    return flood;
  }

  #finish(source: string): void {
    const flood = this.#floods.get(source);
    if (!flood) return;
    clearTimeout(flood.timer);
    this.#floods.delete(source);
    this.#last = Promise.all([this.#last, this.#conclude(source, flood)]);
  }

  async #conclude(source: string, { first, count, announced }: Flood): Promise<void> {
    const { announce, end, log } = this.#options;
    log.warn({ source, suppressed: count }, 'alerts suppressed');
    try {
      await announced;
      const notice = noticeOf(first, count);
      await announce(notice);
      await end(notice.key, new Date());
    } catch (err) {
      log.error({ source, err }, 'flood not announced');
    }
  }
}

function noticeOf(first: Observation, count: number): Observation {
  const source = sourceOf(first);
  const name = first.kind === 'camera-fault' ? '画面异常' : source;
  const { snapshot: _snapshot, box: _box, ...place } = first;
  return {
    ...place,
    key: `${prefix}${source}`,
    severity: 'info',
    at: new Date(),
    title: `${name} 上报过多，已压下 ${count} 条`,
    reasons: [{ text: `一个统计周期内压下 ${count} 条新警情`, value: count, unit: '条', source }],
  };
}
