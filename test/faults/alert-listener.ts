import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Caller } from '../helpers/caller.ts';

interface ToldAlert {
  readonly seq: number;
  readonly alert: Alert;
  /** By `performance.now`, before anything was read. */
  readonly atMs: number;
}

/** A seat that writes down what it is told of alerts. */
export class AlertListener {
  readonly told: ToldAlert[] = [];
  readonly gaps: { from: number; to: number }[] = [];
  /** Of each snapshot. */
  readonly snapshots: (readonly Alert[])[] = [];
  readonly socket: WebSocket;
  #last = 0;

  constructor({ url, headers }: Caller) {
    this.socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers, perMessageDeflate: false });
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => this.#take(performance.now(), String(data)));
  }

  /** The highest `seq` it has. */
  get last(): number {
    return this.#last;
  }

  async subscribe(since?: number): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN)
      await once(this.socket, 'open', { signal: AbortSignal.timeout(60_000) });
    this.socket.send(JSON.stringify({ type: 'subscribe', topics: ['alerts'], ...(since !== undefined && { since }) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
  }

  #take(atMs: number, text: string): void {
    const message = JSON.parse(text);
    if (message.topic !== 'alerts') return;
    if (message.type === 'gap') this.gaps.push({ from: message.from, to: message.to });
    if (message.type === 'snapshot') this.snapshots.push(message.items);
    if (message.type === 'event') this.told.push({ seq: message.seq, alert: message.data, atMs });
    this.#last = Math.max(this.#last, message.seq ?? 0);
  }
}
