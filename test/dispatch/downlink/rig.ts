import { EventEmitter, on } from 'node:events';
import type { UnitConfig } from '../../../src/dispatch/config.ts';
import type { Command } from '../../../src/dispatch/downlink/courier.ts';
import { Downlink } from '../../../src/dispatch/downlink/downlink.ts';
import type { DownlinkLimits } from '../../../src/dispatch/downlink/downlink-limits.ts';
import type { UnitMessage } from '../../../src/dispatch/downlink/unit-message.ts';
import { UnitBoard } from '../../../src/dispatch/unit-board.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import type { Store } from '../../../src/store/store.ts';

export const seat: Actor = { id: 's1', name: '席1', role: 'seat', areas: 'all' };
export const patrolUnits: readonly UnitConfig[] = [
  { id: 'xun7', name: '巡7', kind: 'patrol', skills: [] },
  { id: 'lu6', name: '路6', kind: 'road', skills: [], terminal: 'radio-6' },
];

export interface Delivery {
  readonly terminal: string;
  readonly command: Command;
}

/** A courier that writes down what it is given; with `fails` it does not. */
export class NotingCourier {
  readonly given: Delivery[] = [];
  /** Those it did not fail at. */
  readonly handedOver: Delivery[] = [];
  readonly #news = new EventEmitter();
  fails: Error | 'hangs' | undefined;

  async deliver(terminal: string, command: Command): Promise<void> {
    this.given.push({ terminal, command });
    this.#news.emit('given');
    if (this.fails === 'hangs') await new Promise<never>(() => {});
    if (this.fails instanceof Error) throw this.fails;
    this.handedOver.push({ terminal, command });
  }

  /** Resolves when it has been given so many in all. */
  async count(many: number): Promise<readonly Delivery[]> {
    const news = on(this.#news, 'given', { signal: AbortSignal.timeout(15_000) });
    while (this.given.length < many) await news.next();
    return this.given;
  }
}

/** The downlink as it is after a start of the process, on a database that may have been used before. */
export async function startDownlink(store: Store, limits: Partial<DownlinkLimits> = {}) {
  const board = new UnitBoard({ units: patrolUnits, find: (given) => given, latest: async () => [], log: silentLog });
  const courier = new NotingCourier();
  const downlink = new Downlink({ store, board, courier, log: silentLog, limits });
  const changes: UnitMessage[] = [];
  downlink.on('changed', (message) => changes.push(message));
  await downlink.start();
  /** Resolves with the first change to this state, past or to come. */
  const reached = async (id: string, state: UnitMessage['state']) => {
    const isIt = (message: UnitMessage) => message.id === id && message.state === state;
    const news = on(downlink, 'changed', { signal: AbortSignal.timeout(15_000) });
    const before = changes.find(isIt);
    if (before) return before;
    for await (const [message] of news) if (isIt(message)) return message as UnitMessage;
    throw new Error('no more changes');
  };
  const present = (device: string, online = true) => board.presence({ device, online });
  return { board, courier, downlink, changes, reached, present, [Symbol.asyncDispose]: () => downlink.close() };
}
