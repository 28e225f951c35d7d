import { EventEmitter } from 'node:events';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Store } from '../../store/store.ts';
import type { UnitMessagesPage } from '../../store/unit-messages-repository.ts';
import type { Unit } from '../unit.ts';
import type { UnitBoard } from '../unit-board.ts';
import { UnitNotFoundError } from '../unit-errors.ts';
import { type Courier, commandOf } from './courier.ts';
import { type DownlinkLimits, defaultDownlinkLimits, isDue } from './downlink-limits.ts';
import { MessageRecords, type Outgoing, type Writer } from './message-records.ts';
import type { MessageEvent } from './message-state.ts';
import { OpenMessages } from './open-messages.ts';
import type { ReceiptState, UnitMessage } from './unit-message.ts';
import { withinDeadline } from './within-deadline.ts';

export interface DownlinkOptions {
  readonly store: Store;
  /** Knows who is there, and is told how much each unit has not read. */
  readonly board: UnitBoard;
  readonly courier: Courier;
  readonly log: Log;
  readonly limits?: Partial<DownlinkLimits>;
}

export interface DownlinkEvents {
  /** After the commit, once for every new version of a message. */
  changed: [message: UnitMessage];
}

/** What a terminal says of a message; `assignment` names it, or is its id. */
export interface Receipt {
  readonly device: string;
  readonly at: Date;
  readonly assignment: string;
  readonly state: ReceiptState;
}

/** Of no such message, of another unit's, or after the deadline. */
type ReceiptRefusal = 'unknown' | 'foreign' | 'late';

const tickMs = 1_000;
const lanes = 8;

/** Messages to the units' terminals: on disk before anything else, told when the terminal is there, until it answers. */
export class Downlink extends EventEmitter<DownlinkEvents> {
  readonly #board: UnitBoard;
  readonly #courier: Courier;
  readonly #limits: DownlinkLimits;
  readonly #records: MessageRecords;
  readonly #open: OpenMessages;
  readonly #failed: ErrorTally;
  readonly #closing = new AbortController();
  readonly #pausedUntil = new Map<string, number>();
  readonly #refused: Record<ReceiptRefusal, number> = { unknown: 0, foreign: 0, late: 0 };
  readonly #listen = ({ id, online }: Unit) => void (online && this.#due(id, Date.now()).length > 0 && this.#wake());
  #timer: NodeJS.Timeout | undefined;
  #wanted = false;
  #pumping: Promise<void> | undefined;

  constructor({ store, board, courier, log, limits }: DownlinkOptions) {
    super();
    this.#board = board;
    this.#courier = courier;
    this.#limits = { ...defaultDownlinkLimits, ...limits };
    this.#records = new MessageRecords(store, this.#limits);
    this.#open = new OpenMessages((unit, unread) => board.note(unit, { unread }));
    this.#failed = new ErrorTally((count, err) => log.warn({ count, err }, 'messages to terminals not sent'), 10_000);
  }

  /** Takes up what was not settled, then tells whoever is there until closed. */
  async start(): Promise<void> {
    for (const message of await this.#records.open()) this.#open.know(message);
    this.#board.on('changed', this.#listen);
    this.#timer ??= setInterval(() => this.#wake(), tickMs).unref();
    this.#wake();
  }

  /** Resolves with the message once it is on disk; fails with `UNIT_NOT_FOUND`, `MESSAGES_TOO_MANY`, `IDEMPOTENCY_KEY_REUSED`. */
  async send(outgoing: Outgoing, writer: Writer): Promise<UnitMessage> {
    if (!this.#board.get(outgoing.unit)) throw new UnitNotFoundError(outgoing.unit);
    const { message, isNew } = await this.#records.add(outgoing, writer);
    if (!isNew) return message;
    this.#open.know(message);
    this.emit('changed', message);
    this.#wake();
    return message;
  }

  /** Resolves once the answer is on disk. One that fits no message of the unit is counted, never thrown. */
  async receipt({ device, assignment, state, at }: Receipt): Promise<void> {
    const unit = this.#board.ofTerminal(device)?.id;
    const message = unit === undefined ? undefined : await this.#records.named(assignment, unit);
    if (!message) this.#refused.unknown += 1;
    else if (message.unit !== unit) this.#refused.foreign += 1;
    else if (message.state === 'expired') this.#refused.late += 1;
    else await this.#apply(message.id, { type: 'receipt', state, at });
  }

  /** The unit's messages, newest first. */
  page(asked: UnitMessagesPage): Promise<UnitMessage[]> {
    return this.#records.page(asked);
  }

  /** Open messages of all units, and receipts that were of no use. */
  counts(): Readonly<Record<'open' | ReceiptRefusal, number>> {
    return { open: this.#open.size, ...this.#refused };
  }

  /** Nothing is sent any more; receipts are still taken. Safe to call twice. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#board.off('changed', this.#listen);
    await this.#pumping;
    this.#failed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #wake(): void {
    this.#wanted = true;
    if (this.#closing.signal.aborted) return;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  async #pump(): Promise<void> {
    while (this.#wanted && !this.#closing.signal.aborted) {
      this.#wanted = false;
      await this.#round(new Date()).catch((error) => this.#failed.add(error));
    }
  }

  async #round(now: Date): Promise<void> {
    for (const { id } of this.#open.expiredAt(now)) await this.#apply(id, { type: 'clock', now });
    const waiting = this.#open.units().filter((unit) => this.#isReachable(unit, now.getTime()));
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const unit = next;
        await this.#tell(unit, now.getTime()).catch((error) => this.#pause(unit, error));
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
  }

  #isReachable(unit: string, now: number): boolean {
    return this.#board.get(unit)?.online === true && now >= (this.#pausedUntil.get(unit) ?? 0);
  }

  /** In the order they were written. What fails makes the unit's others wait a little, nobody else's. */
  async #tell(unit: string, now: number): Promise<void> {
    this.#pausedUntil.delete(unit);
    const terminal = this.#board.terminalOf(unit);
    for (const message of this.#due(unit, now)) {
      if (terminal === undefined || this.#closing.signal.aborted) return;
      await this.#hand(terminal, message);
      await this.#apply(message.id, { type: 'sent', at: new Date() });
    }
  }

  async #hand(terminal: string, message: UnitMessage): Promise<void> {
    const work = this.#courier.deliver(terminal, commandOf(message));
    await withinDeadline(work, { ms: this.#limits.deliverMs, signal: this.#closing.signal });
  }

  #pause(unit: string, error: Error): void {
    if (this.#closing.signal.aborted) return;
    this.#pausedUntil.set(unit, Date.now() + this.#limits.pauseMs);
    this.#failed.add(error);
  }

  #due(unit: string, now: number): UnitMessage[] {
    return this.#open.of(unit).filter((message) => isDue(message, now, this.#limits));
  }

  async #apply(id: string, event: MessageEvent): Promise<void> {
    const outcome = await this.#records.change(id, event);
    if (!outcome) return;
    this.#open.know(outcome.message);
    if (outcome.changed) this.emit('changed', outcome.message);
  }
}
