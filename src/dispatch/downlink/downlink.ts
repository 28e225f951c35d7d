import { EventEmitter } from 'node:events';
import { ErrorTally } from '../../shared/error-tally.ts';
import type { Log } from '../../shared/log.ts';
import type { Store } from '../../store/store.ts';
import type { UnitMessagesPage } from '../../store/unit-messages-repository.ts';
import type { Unit } from '../unit.ts';
import type { UnitBoard } from '../unit-board.ts';
import { UnitNotFoundError } from '../unit-errors.ts';
import type { Courier } from './courier.ts';
import { DeliveryRounds } from './delivery-rounds.ts';
import { type DownlinkLimits, defaultDownlinkLimits } from './downlink-limits.ts';
import { LastReceipts } from './last-receipts.ts';
import { MessageRecords, type Outgoing, type Writer } from './message-records.ts';
import type { MessageEvent } from './message-state.ts';
import { OpenMessages } from './open-messages.ts';
import type { ReceiptState } from './receipt.ts';
import type { UnitMessage } from './unit-message.ts';

export interface DownlinkOptions {
  readonly store: Store;
  /** Knows who is there, and is told what each unit has not read and has answered last. */
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

/** Messages to the units' terminals: on disk before anything else, told when the terminal is there, until it answers. */
export class Downlink extends EventEmitter<DownlinkEvents> {
  readonly #board: UnitBoard;
  readonly #records: MessageRecords;
  readonly #open: OpenMessages;
  readonly #receipts: LastReceipts;
  readonly #rounds: DeliveryRounds;
  readonly #failed: ErrorTally;
  readonly #refused: Record<ReceiptRefusal, number> = { unknown: 0, foreign: 0, late: 0 };

  constructor({ store, board, courier, log, limits }: DownlinkOptions) {
    super();
    this.#board = board;
    const all = { ...defaultDownlinkLimits, ...limits };
    this.#records = new MessageRecords(store, all);
    this.#open = new OpenMessages((unit, unread) => board.note(unit, { unread }));
    this.#receipts = new LastReceipts((unit, receipt) => board.note(unit, { receipt }));
    this.#failed = new ErrorTally((count, err) => log.warn({ count, err }, 'messages to terminals not sent'), 10_000);
    this.#rounds = new DeliveryRounds({
      open: this.#open,
      board,
      courier,
      limits: all,
      apply: (id, event) => this.#apply(id, event),
      failed: (error) => this.#failed.add(error),
    });
  }

  /** Takes up what was not settled, then tells whoever is there until closed. */
  async start(): Promise<void> {
    for (const message of await this.#records.open()) this.#open.know(message);
    for (const message of await this.#records.answered()) this.#receipts.know(message);
    this.#board.on('changed', this.#listen);
    this.#rounds.start();
  }

  /** Resolves with the message once it is on disk; fails with `UNIT_NOT_FOUND`, `MESSAGES_TOO_MANY`, `IDEMPOTENCY_KEY_REUSED`. */
  async send(outgoing: Outgoing, writer: Writer): Promise<UnitMessage> {
    if (!this.#board.get(outgoing.unit)) throw new UnitNotFoundError(outgoing.unit);
    const { message, isNew } = await this.#records.add(outgoing, writer);
    if (!isNew) return message;
    this.#open.know(message);
    this.emit('changed', message);
    this.#rounds.wake();
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
    this.#board.off('changed', this.#listen);
    await this.#rounds.close();
    this.#failed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Of a unit whose messages are on their way only, nothing is wanted every time it moves. */
  readonly #listen = ({ id, online }: Unit) => {
    if (online && this.#rounds.hasDue(id)) this.#rounds.wake();
  };

  async #apply(id: string, event: MessageEvent): Promise<void> {
    const outcome = await this.#records.change(id, event);
    if (!outcome) return;
    this.#open.know(outcome.message);
    this.#receipts.know(outcome.message);
    if (outcome.changed) this.emit('changed', outcome.message);
  }
}
