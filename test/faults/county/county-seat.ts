import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Unit } from '../../../src/dispatch/unit.ts';
import type { ServerMessage } from '../../../src/live/contract.ts';
import type { Caller } from '../../helpers/caller.ts';

/** A seat that watches all units. */
export class CountySeat implements AsyncDisposable {
  readonly #socket: WebSocket;
  /** As it was last told of each, and how often. */
  readonly units = new Map<string, { readonly unit: Unit; readonly told: number }>();
  frames = 0;
  bytes = 0;
  closedWith: number | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#take(String(data)));
    socket.on('close', (code) => {
      this.closedWith = code;
    });
    socket.on('error', () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
  }

  #take(text: string): void {
    const message: ServerMessage = JSON.parse(text);
    if (!('topic' in message) || message.topic !== 'units' || message.type !== 'event') return;
    this.frames += 1;
    this.bytes += text.length;
    for (const unit of message.data as Unit[])
      this.units.set(unit.id, { unit, told: (this.units.get(unit.id)?.told ?? 0) + 1 });
  }
}

export async function openCountySeat({ url, headers }: Caller): Promise<CountySeat> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers });
  const seat = new CountySeat(socket);
  await once(socket, 'open', { signal: AbortSignal.timeout(30_000) });
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['units'] }));
  return seat;
}
