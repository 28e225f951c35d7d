import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Alert } from '../../src/alerts/alert.ts';
import type { ServerMessage } from '../../src/live/contract.ts';
import type { Caller } from './caller.ts';

/** A seat on `/ws` that has subscribed to the alerts. */
export class LiveSeat {
  /** As it was last told of each. */
  readonly alerts = new Map<string, Alert>();
  /** Of each part of the house, as it was last told. */
  readonly health = new Map<string, string>();
  /** The code the server closed it with. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => resolve(code));
    });
    socket.on('error', () => {});
    socket.on('message', (data) => this.#take(JSON.parse(String(data))));
  }

  /** Resolves with the first alert that is so, now or later. */
  async alert(isSo: (alert: Alert) => boolean, withinMs: number): Promise<Alert> {
    const { promise, resolve, reject } = Promise.withResolvers<Alert>();
    const look = () => {
      const found = [...this.alerts.values()].find(isSo);
      if (found) resolve(found);
    };
    const known = () => [...this.alerts.values()].map(({ kind, state }) => `${kind} ${state}`).join(', ');
    const late = setTimeout(() => reject(new Error(`no such alert in ${withinMs} ms, only: ${known()}`)), withinMs);
    this.#waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(look);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
    await this.closed;
  }

  #take(message: ServerMessage): void {
    if (!('topic' in message)) return;
    if (message.topic === 'alerts') for (const alert of newsOf(message) as Alert[]) this.alerts.set(alert.id, alert);
    if (message.topic === 'health')
      for (const { id, state } of newsOf(message) as { id: string; state: string }[]) this.health.set(id, state);
    for (const look of this.#waiting) look();
  }
}

function newsOf(message: ServerMessage): readonly unknown[] {
  if (message.type === 'snapshot') return message.items;
  return message.type === 'event' ? [message.data].flat() : [];
}

/** Resolves when it is connected; the snapshot follows. */
export async function openSeat({ url, headers }: Caller): Promise<LiveSeat> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers });
  const seat = new LiveSeat(socket);
  await once(socket, 'open', { signal: AbortSignal.timeout(30_000) });
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['alerts', 'health'] }));
  return seat;
}
