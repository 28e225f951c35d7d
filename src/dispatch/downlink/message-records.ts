import { randomUUIDv7 } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../shared/actor.ts';
import { appendLedger } from '../../store/ledger-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import {
  answeredUnitMessages,
  countOpenUnitMessages,
  insertUnitMessage,
  openUnitMessages,
  type UnitMessagesPage,
  unitMessageByAssignment,
  unitMessageById,
  unitMessageByKey,
  unitMessagesPage,
  updateUnitMessage,
} from '../../store/unit-messages-repository.ts';
import { commandOf } from './courier.ts';
import { HalfPlaceError, KeyReusedError, MessageContendedError, TooManyMessagesError } from './downlink-errors.ts';
import type { DownlinkLimits } from './downlink-limits.ts';
import { isOpen, type MessageEvent, nextMessage } from './message-state.ts';
import type { NewMessage, UnitMessage } from './unit-message.ts';

/** What is to be told, to whom and about what. */
export interface Outgoing extends NewMessage {
  readonly unit: string;
  readonly assignment?: string;
  readonly incident?: string;
}

/** Who writes; the same key of the same writer is the same message. */
export interface Writer {
  readonly actor: Actor;
  readonly key?: string | undefined;
}

/** Every change of a message in one transaction. */
export class MessageRecords {
  readonly #store: Store;
  readonly #limits: DownlinkLimits;

  constructor(store: Store, limits: DownlinkLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** The message as it was first written, this time or the time before; with its row in the ledger. */
  async add(outgoing: Outgoing, { actor, key }: Writer): Promise<{ message: UnitMessage; isNew: boolean }> {
    if ((outgoing.lat === undefined) !== (outgoing.lon === undefined)) throw new HalfPlaceError();
    const message = written(outgoing, actor, this.#limits.lifeMs);
    const ownKey = key === undefined ? undefined : `${actor.id} ${key}`;
    return await this.#store.transaction(async (tx) => {
      const before = ownKey === undefined ? undefined : parsed(await unitMessageByKey(tx, ownKey));
      if (before) return { message: repeated(before, message), isNew: false };
      await this.#makeSureOfRoom(tx, message.unit);
      await insertUnitMessage(tx, { message, open: true }, ownKey);
      const { id, unit, title, assignment } = message;
      const details = { unit, title, ...(assignment !== undefined && { assignment }) };
      await appendLedger(tx, { actor, action: 'unit.message', object: id, result: 'ok', details });
      return { message, isNew: true };
    });
  }

  /** The message after the event, and whether that changed it; undefined when there is none. */
  change(id: string, event: MessageEvent): Promise<{ message: UnitMessage; changed: boolean } | undefined> {
    return this.#store.transaction(async (tx) => {
      const from = parsed(await unitMessageById(tx, id));
      if (!from) return undefined;
      const message = nextMessage(from, event);
      if (message === from) return { message, changed: false };
      const kept = await updateUnitMessage(tx, { message, open: isOpen(message) }, from.version);
      if (!kept) throw new MessageContendedError(id);
      return { message, changed: true };
    });
  }

  /** What a receipt of the unit speaks of: a message by its id, or the newest about an assignment. */
  async named(name: string, unit: string): Promise<UnitMessage | undefined> {
    const { db } = this.#store;
    return parsed((await unitMessageById(db, name)) ?? (await unitMessageByAssignment(db, name, unit)));
  }

  async open(): Promise<UnitMessage[]> {
    return (await openUnitMessages(this.#store.db)).flatMap((data) => parsed(data) ?? []);
  }

  /** Of each unit the newest that its terminal has answered. */
  async answered(): Promise<UnitMessage[]> {
    return (await answeredUnitMessages(this.#store.db)).flatMap((data) => parsed(data) ?? []);
  }

  /** Newest first. */
  async page(asked: UnitMessagesPage): Promise<UnitMessage[]> {
    return (await unitMessagesPage(this.#store.db, asked)).flatMap((data) => parsed(data) ?? []);
  }

  async #makeSureOfRoom(tx: Tx, unit: string): Promise<void> {
    const { openPerUnit } = this.#limits;
    if ((await countOpenUnitMessages(tx, unit)) >= openPerUnit) throw new TooManyMessagesError(unit, openPerUnit);
  }
}

function written({ expiresInSeconds, ...outgoing }: Outgoing, { name }: Actor, lifeMs: number): UnitMessage {
  const now = new Date();
  const at = now.toISOString();
  const deadline = now.getTime() + (expiresInSeconds === undefined ? lifeMs : expiresInSeconds * 1_000);
  return {
    ...outgoing,
    id: randomUUIDv7(),
    version: 1,
    state: 'queued',
    by: name,
    at,
    expiresAt: new Date(deadline).toISOString(),
    tries: 0,
    times: { queued: at },
  };
}

/** The same key has the same answer, whatever became of the message since. */
function repeated(before: UnitMessage, message: UnitMessage): UnitMessage {
  if (!isDeepStrictEqual(meaningOf(before), meaningOf(message))) throw new KeyReusedError();
  const { sentAt: _, ...rest } = before;
  return { ...rest, version: 1, state: 'queued', tries: 0, times: { queued: before.at } };
}

function meaningOf(message: UnitMessage) {
  const { id: _, at, expiresAt, ...said } = commandOf(message);
  return { ...said, unit: message.unit, lifeMs: Date.parse(expiresAt) - Date.parse(at) };
}

/** Rows are written by this slice alone, from messages. */
function parsed(data: string | undefined): UnitMessage | undefined {
  if (data === undefined) return undefined;
  const message: UnitMessage = JSON.parse(data);
  return message;
}
