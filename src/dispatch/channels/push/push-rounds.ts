import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, retryDelayMs } from '../../../shared/backoff.ts';
import { ErrorTally } from '../../../shared/error-tally.ts';
import type { Log } from '../../../shared/log.ts';
import {
  type DueLetter,
  dueLetters,
  pruneLetters,
  putLetter,
  removeSubscription,
} from '../../../store/push-repository.ts';
import type { Store } from '../../../store/store.ts';
import { DeliveryError } from '../receiver-client.ts';
import { letterTtlSeconds, type PushService } from './push-service.ts';

export interface PushRoundsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly backoff: Backoff;
  readonly service: () => Promise<Pick<PushService, 'send'>>;
}

/** What becomes of a letter that was not taken: its browser is gone, it may be taken later, or never. */
export type Refusal = 'gone' | 'later' | 'never';

/** Of the push services' answers (RFC 8030 §5, §8.4). */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof DeliveryError)) return 'never';
  const { status } = error;
  if (status === 404 || status === 410) return 'gone';
  return status === undefined || status === 429 || status >= 500 ? 'later' : 'never';
}

const bite = 50;
const lanes = 8;
/** Nothing wakes it for a letter that was put off. */
const lookMs = 5_000;
/** Tags of what was sent are known so long: nothing is told twice. */
const rememberedMs = 7 * 86_400_000;

/** Sends the letters that are due, again and again until closed. */
export class PushRounds {
  readonly #options: PushRoundsOptions;
  readonly #closing = new AbortController();
  readonly #failed: ErrorTally;
  #counts = { sent: 0, failed: 0, ended: 0 };
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;

  constructor(options: PushRoundsOptions) {
    this.#options = options;
    this.#failed = new ErrorTally(
      (count, err) => options.log.warn({ count, err }, 'browsers not told by Web Push'),
      10_000,
    );
  }

  /** Letters sent, attempts that failed, subscriptions that ended because their browser is gone. */
  get counts(): Readonly<Record<'sent' | 'failed' | 'ended', number>> {
    return this.#counts;
  }

  start(): void {
    this.#running ??= this.#run(this.#closing.signal);
  }

  wake(): void {
    this.#wake.resolve();
  }

  /** Safe to call twice; once it resolves, nothing is sent any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#failed.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers();
      const hasSent = await this.#round(signal).catch((error) => this.#failed.add(error));
      if (!hasSent) await this.#idle(signal);
    }
  }

  async #idle(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const look = { signal: AbortSignal.any([signal, woken.signal]), ref: false };
    await Promise.race([this.#wake.promise, sleep(lookMs, undefined, look).catch(() => undefined)]);
    woken.abort();
  }

  /** False when nothing was due. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const { store, service } = this.#options;
    const now = new Date();
    await pruneLetters(store.db, new Date(now.getTime() - rememberedMs));
    const due = Map.groupBy(await dueLetters(store.db, now, bite), ({ subscription }) => subscription);
    if (due.size === 0) return false;
    const sender = await service();
    const waiting = [...due.values()];
    const lane = async () => {
      for (let letters = waiting.shift(); letters && !signal.aborted; letters = waiting.shift())
        for (const letter of letters) await this.#send(sender, letter, signal);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return true;
  }

  async #send(sender: Pick<PushService, 'send'>, letter: DueLetter, signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const error: unknown = await sender.send(letter, signal).catch((cause: unknown) => cause);
    if (error !== undefined && signal.aborted) return;
    if (error !== undefined) return await this.#refused(letter, error);
    this.#count('sent');
    await putLetter(store.db, letter.id, { dueAt: undefined, attempts: letter.attempts + 1 });
  }

  async #refused({ id, subscription, madeAt, attempts }: DueLetter, error: unknown): Promise<void> {
    const { store, backoff } = this.#options;
    if (error instanceof Error) this.#failed.add(error);
    this.#count('failed');
    const refusal = refusalOf(error);
    if (refusal === 'gone') {
      this.#count('ended');
      return await removeSubscription(store.db, subscription);
    }
    const retryAt = Date.now() + retryDelayMs(backoff, attempts);
    const isLate = retryAt - Date.parse(madeAt) > letterTtlSeconds * 1_000;
    const dueAt = refusal === 'never' || isLate ? undefined : new Date(retryAt);
    await putLetter(store.db, id, { dueAt, attempts: attempts + 1 });
  }

  #count(what: 'sent' | 'failed' | 'ended'): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
  }
}
