import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import { putAlertTrace } from '../../store/alert-traces-repository.ts';
import type { Store } from '../../store/store.ts';
import type { Alert, MergedPart } from '../alert.ts';
import { packTrace, type Series } from './trace.ts';

export interface SeriesSpan {
  readonly sensor: string;
  readonly from: Date;
  readonly to: Date;
}

export interface SensorTracesOptions {
  readonly store: Store;
  /** All that the sensor and those its rules look at with it measured; times are milliseconds after `from`. */
  readonly seriesOf: (span: SeriesSpan) => Promise<Series[]>;
  /** How far before an alert the rules may look. */
  readonly lookbackMs: () => number;
  readonly log: Log;
  /** What was measured is on its way into its file for so long; 10 s unless told. */
  readonly settleMs?: number;
}

interface Asked extends SeriesSpan {
  readonly alert: string;
  readonly askedAt: number;
}

const mostWaiting = 500;
const mostDone = 2_000;
/** What comes after says no more about whether it was an alert. */
const longestMs = 3_600_000;

/** Keeps with every alert of a sensor what was measured around it, once it is over or somebody has decided on it. */
export class SensorTraces {
  readonly #options: SensorTracesOptions;
  readonly #closing = new AbortController();
  readonly #unwritten: ErrorTally;
  /** By alert; asked again, the newer span replaces the older one. */
  readonly #waiting = new Map<string, Asked>();
  readonly #done = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: SensorTracesOptions) {
    this.#options = options;
    this.#unwritten = new ErrorTally((count, err) => options.log.warn({ count, err }, 'traces of alerts not kept'));
  }

  /** An alert as the desk has just stored it. */
  changed(alert: Alert): void {
    for (const part of alert.merged ?? [alert]) this.#ask(part, alert.closedBy?.at);
  }

  /** Safe to call twice; what still waits is left: its readings are in the telemetry. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#unwritten.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ask({ id, sensor, at, endedAt }: MergedPart, closedAt: string | undefined): void {
    const over = endedAt ?? closedAt;
    const mark = `${id} ${endedAt === undefined ? 'closed' : 'ended'}`;
    if (sensor === undefined || over === undefined || this.#done.has(mark)) return;
    if (this.#waiting.size >= mostWaiting || this.#closing.signal.aborted) return;
    this.#done.add(mark);
    const [oldest] = this.#done;
    if (this.#done.size > mostDone && oldest !== undefined) this.#done.delete(oldest);
    const from = new Date(Date.parse(at) - this.#options.lookbackMs());
    const to = new Date(Math.min(Date.parse(over) + 1, Date.parse(at) + longestMs));
    this.#waiting.set(id, { alert: id, sensor, from, to, askedAt: Date.now() });
    this.#start();
  }

  #start(): void {
    this.#running ??= this.#run(this.#closing.signal).finally(() => {
      this.#running = undefined;
      if (this.#waiting.size > 0 && !this.#closing.signal.aborted) this.#start();
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { settleMs = 10_000 } = this.#options;
    for (const asked of this.#waiting.values()) {
      const waitMs = asked.askedAt + settleMs - Date.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      this.#waiting.delete(asked.alert);
      await this.#keep(asked).catch((error: Error) => this.#unwritten.add(error));
    }
  }

  async #keep({ alert, sensor, from, to }: Asked): Promise<void> {
    const { store, seriesOf } = this.#options;
    const series = await seriesOf({ sensor, from, to });
    if (series.length === 0) return;
    const trace = { type: 'sensor', sensor, from: from.toISOString(), to: to.toISOString(), series } as const;
    await putAlertTrace(store.db, alert, await packTrace(trace));
  }
}
