import type { UnitBoard } from '../unit-board.ts';
import { type Courier, commandOf } from './courier.ts';
import { type DownlinkLimits, isDue } from './downlink-limits.ts';
import type { MessageEvent } from './message-state.ts';
import type { OpenMessages } from './open-messages.ts';
import type { UnitMessage } from './unit-message.ts';
import { withinDeadline } from './within-deadline.ts';

export interface DeliveryRoundsOptions {
  readonly open: OpenMessages;
  /** Knows who is there. */
  readonly board: UnitBoard;
  readonly courier: Courier;
  readonly limits: DownlinkLimits;
  /** Resolves once what happened to a message is on disk. */
  readonly apply: (id: string, event: MessageEvent) => Promise<void>;
  readonly failed: (error: Error) => void;
}

const tickMs = 1_000;
/** Units that are served at the same time. */
const lanes = 8;

/** Goes round the open messages, again and again until closed: what is over expires, what is due is handed over. */
export class DeliveryRounds {
  readonly #options: DeliveryRoundsOptions;
  readonly #closing = new AbortController();
  readonly #pausedUntil = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;
  #running: Promise<void> | undefined;

  constructor(options: DeliveryRoundsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.wake(), tickMs).unref();
    this.wake();
  }

  /** There may be something to do. */
  wake(): void {
    this.#wanted = true;
    if (this.#closing.signal.aborted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  hasDue(unit: string): boolean {
    return this.#due(unit, Date.now()).length > 0;
  }

  /** Nothing is handed over any more; does not wait for a courier that hangs. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#closing.signal.aborted) {
      this.#wanted = false;
      await this.#round(new Date()).catch(this.#options.failed);
    }
  }

  async #round(now: Date): Promise<void> {
    const { open, apply } = this.#options;
    for (const { id } of open.expiredAt(now)) await apply(id, { type: 'clock', now });
    const waiting = open.units().filter((unit) => this.#isReachable(unit, now.getTime()));
    const lane = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const unit = next;
        await this.#serve(unit, now.getTime()).catch((error) => this.#pause(unit, error));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  #isReachable(unit: string, now: number): boolean {
    return this.#options.board.get(unit)?.online === true && now >= (this.#pausedUntil.get(unit) ?? 0);
  }

  /** In the order they were written. What fails makes the unit's others wait a little, nobody else's. */
  async #serve(unit: string, now: number): Promise<void> {
    const { board, apply } = this.#options;
    this.#pausedUntil.delete(unit);
    const terminal = board.terminalOf(unit);
    for (const message of this.#due(unit, now)) {
      if (terminal === undefined || this.#closing.signal.aborted) return;
      await this.#hand(terminal, message);
      await apply(message.id, { type: 'sent', at: new Date() });
    }
  }

  async #hand(terminal: string, message: UnitMessage): Promise<void> {
    const { courier, limits } = this.#options;
    const work = courier.deliver(terminal, commandOf(message));
    await withinDeadline(work, { ms: limits.deliverMs, signal: this.#closing.signal });
  }

  #pause(unit: string, error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#pausedUntil.set(unit, Date.now() + this.#options.limits.pauseMs);
    this.#options.failed(error);
  }

  #due(unit: string, now: number): UnitMessage[] {
    const { open, limits } = this.#options;
    return open.of(unit).filter((message) => isDue(message, now, limits));
  }
}
