import { once } from 'node:events';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import { ServerMessage } from '../../src/live/contract.ts';
import type { EventLog, StoredEvent } from '../../src/live/event-pump.ts';
import { LiveHub } from '../../src/live/hub.ts';
import type { LiveLimits } from '../../src/live/live-limits.ts';
import { livePlugin } from '../../src/live/plugin.ts';
import type { Snapshots } from '../../src/live/synchroniser.ts';
import type { Actor } from '../../src/shared/actor.ts';
import { silentLog } from '../../src/shared/log.ts';

/** An event log in memory, as slow as a database across a thread. */
export class MemoryLog implements EventLog {
  readonly events: StoredEvent[] = [];

  append(data: Record<string, unknown> = {}, topic = 'alerts'): StoredEvent {
    const seq = this.events.length + 1;
    const event = { seq, topic, at: '2026-01-01T00:00:00.000Z', data: { id: `a${seq}`, seq, ...data } };
    this.events.push(event);
    return event;
  }

  async eventsSince(seq: number, topics: readonly string[], limit: number) {
    await new Promise(setImmediate);
    return this.events.filter((event) => event.seq > seq && topics.includes(event.topic)).slice(0, limit);
  }

  async headSeq() {
    await new Promise(setImmediate);
    return this.events.length;
  }
}

export const accounts: Record<string, Actor & { session: string }> = {
  seat: { id: 'seat', name: '席1', role: 'seat', areas: 'all', session: 's1' },
  south: { id: 'south', name: '席2', role: 'seat', areas: ['south'], session: 's2' },
};

export interface LiveSetup {
  readonly limits?: Partial<LiveLimits>;
  readonly snapshot?: Snapshots;
  readonly log?: EventLog;
}

/** The hub behind a real server on a free port; the account is named in `?as=`, 401 without one. */
export async function startLive({ limits = {}, snapshot = {}, log = new MemoryLog() }: LiveSetup = {}) {
  const hub = new LiveHub({
    snapshot,
    eventsSince: (...wanted) => log.eventsSince(...wanted),
    headSeq: () => log.headSeq(),
    log: silentLog,
    limits: { conflateMs: 20, ...limits },
  });
  const app = Fastify();
  await app.register(websocket, {
    options: { maxPayload: 1024 * 1024 },
    preClose(done) {
      for (const client of app.websocketServer.clients) client.close(1001);
      done();
    },
  });
  const actorOf = ({ url }: { url: string }) => accounts[new URL(url, 'http://x').searchParams.get('as') ?? ''];
  app.addHook('onRequest', async (request, reply) => {
    if (!actorOf(request)) await reply.code(401).send();
  });
  const ended = new Set<(ended: { session: string }) => void>();
  await app.register(livePlugin, {
    hub,
    actorOf: (request) => actorOf(request) ?? accounts.south ?? { id: '', name: '', role: 'viewer', areas: [] },
    sessionEnded: (listener) => {
      ended.add(listener);
      return () => ended.delete(listener);
    },
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    hub,
    app,
    url: address.replace('http', 'ws'),
    endSession: (session: string) => {
      for (const listener of ended) listener({ session });
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}

type Message = Record<string, unknown> & { type: string };

/** A wall that keeps what it is told and checks every frame against the contract. */
export class TestSeat {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  #code: number | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => {
      const message: Message = JSON.parse(String(data));
      if (!Value.Check(ServerMessage, message)) throw new Error(`not in the contract: ${String(data)}`);
      this.messages.push(message);
      this.#stir();
    });
    this.socket.on('close', (code) => {
      this.#code = code;
      this.#stir();
    });
    this.socket.on('error', () => {});
  }

  subscribe(message: { topics: string[]; since?: number; bbox?: number[] }): void {
    this.send({ type: 'subscribe', ...message });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  of(type: string, topic?: string): Message[] {
    return this.messages.filter((one) => one.type === type && (topic === undefined || one.topic === topic));
  }

  get seqs(): unknown[] {
    return this.messages.filter(({ type, seq }) => type === 'event' && seq !== undefined).map(({ seq }) => seq);
  }

  /** Waits until what was told so far satisfies the condition. */
  async until(condition: (seat: this) => boolean, deadlineMs = 5_000): Promise<void> {
    const signal = AbortSignal.timeout(deadlineMs);
    const expired = once(signal, 'abort').then(() => 'expired' as const);
    while (!condition(this)) {
      const woken = await Promise.race([this.#wake.promise, expired]);
      if (woken === 'expired')
        throw new Error(`waited in vain; told: ${JSON.stringify(this.messages).slice(0, 2_000)}`);
    }
  }

  /** The code the server closed it with. */
  async closed(): Promise<number> {
    await this.until(() => this.#code !== undefined);
    return this.#code ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate();
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

export async function openSeat(url: string, as = 'seat'): Promise<TestSeat> {
  const seat = new TestSeat(`${url}/ws?as=${as}`);
  await once(seat.socket, 'open');
  return seat;
}
