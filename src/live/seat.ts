import { performance } from 'node:perf_hooks';
import { type Actor, maySee } from '../shared/actor.ts';
import { type Change, Changes } from './changes.ts';
import { RateLimit } from './client-message.ts';
import { closeCodes, type LatestTopic, type ServerMessage } from './contract.ts';
import type { LiveEvent } from './event-pump.ts';
import type { LiveLimits } from './live-limits.ts';
import { nextSeatState, type SeatEvent, type SeatState } from './seat-state.ts';
import type { View } from './view.ts';

/** The part of a WebSocket that a seat uses. */
export interface SeatSocket {
  readonly bufferedAmount: number;
  send(text: string, sent?: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface SeatOptions {
  readonly socket: SeatSocket;
  readonly actor: Actor;
  /** Of the session it was opened with. */
  readonly session?: string | undefined;
  readonly limits: LiveLimits;
}

/** One open wall: what it is told, how far it has read, and when it is cut so that others need not wait. */
export class Seat {
  readonly actor: Actor;
  readonly session: string | undefined;
  readonly #socket: SeatSocket;
  readonly #limits: LiveLimits;
  readonly #rate: RateLimit;
  readonly #held = new Map<LatestTopic, Map<string, Change>>();
  readonly #missed = new Set<LatestTopic>();
  #state: SeatState = { phase: 'idle' };
  #answered = true;
  #cut: NodeJS.Timeout | undefined;

  constructor({ socket, actor, session, limits }: SeatOptions) {
    this.actor = actor;
    this.session = session;
    this.#socket = socket;
    this.#limits = limits;
    this.#rate = new RateLimit(limits.messagesPerSecond);
  }

  get state(): SeatState {
    return this.#state;
  }

  apply(event: SeatEvent): void {
    this.#state = nextSeatState(this.#state, event);
  }

  /** May the seat send another message now? */
  admits(): boolean {
    return this.#rate.admits(performance.now());
  }

  say(message: ServerMessage): void {
    this.#send(JSON.stringify(message));
  }

  /** Resolves once the frame has left this process; the seat is cut when it does not in time. */
  async tell(text: string): Promise<void> {
    if (this.#state.phase === 'closed') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const deadline = setTimeout(() => this.close(closeCodes.tooSlow, 'too slow'), this.#limits.drainMs);
    this.#socket.send(text, () => resolve());
    await promise;
    clearTimeout(deadline);
  }

  /** A persisted event: told when it is the seat's business and later than what it has. */
  event(event: LiveEvent): void {
    const state = this.#state;
    if (state.phase !== 'live' || event.seq <= state.cursor) return;
    this.apply({ type: 'passed', seq: event.seq });
    if (this.sees(event)) this.#send(event.text);
  }

  /** Is the event of a topic it subscribed to and of an area it has? */
  sees({ topic, area }: LiveEvent): boolean {
    const subscription = 'subscription' in this.#state ? this.#state.subscription : undefined;
    const subscribed = subscription?.events.some((name) => name === topic) ?? false;
    return subscribed && maySee(this.actor, area);
  }

  /** A tick's last values: told at once when the seat reads, else held back, the newest of each item. */
  changes(all: readonly Changes[]): void {
    const state = this.#state;
    if (!('subscription' in state)) return;
    const { latest, bbox } = state.subscription;
    const mine = all.filter(({ topic }) => latest.includes(topic));
    if (state.phase === 'syncing' || this.#socket.bufferedAmount > this.#limits.busyBytes) {
      for (const changes of mine) this.#hold(changes);
      return;
    }
    const view = { actor: this.actor, bbox };
    if (this.#held.size > 0 || this.#missed.size > 0) this.#catchUp(view, mine);
    else for (const changes of mine) this.#show(changes, view);
  }

  /** Forgets what was held back: a new subscription begins with a snapshot. */
  forget(): void {
    this.#held.clear();
    this.#missed.clear();
  }

  /** Asks whether the seat is there; false when it did not answer the last time. */
  keepAlive(): boolean {
    const answered = this.#answered;
    this.#answered = false;
    if (answered) this.#socket.ping();
    return answered;
  }

  answered(): void {
    this.#answered = true;
  }

  /** Says why, and cuts the socket when the seat does not take its leave. Safe to call twice. */
  close(code: number, reason: string): void {
    if (this.#state.phase === 'closed') return;
    this.apply({ type: 'close', code });
    this.forget();
    this.#socket.close(code, reason);
    this.#cut = setTimeout(() => this.#socket.terminate(), this.#limits.lingerMs);
  }

  /** The socket is gone, whoever closed it. */
  gone(code: number): void {
    clearTimeout(this.#cut);
    this.apply({ type: 'close', code });
    this.forget();
  }

  #send(text: string): void {
    if (this.#state.phase === 'closed') return;
    // While it is brought up to date a large snapshot may wait in the socket; `tell` has a deadline of its own.
    const isLive = this.#state.phase === 'live';
    if (isLive && this.#socket.bufferedAmount > this.#limits.bufferBytes) this.close(closeCodes.tooSlow, 'too slow');
    else this.#socket.send(text);
  }

  #show(changes: Changes, view: View): void {
    const frame = changes.frameFor(view);
    if (frame !== undefined) this.#send(frame);
  }

  #hold({ topic, byId }: Changes): void {
    if (this.#missed.has(topic)) return;
    const held = this.#held.get(topic) ?? new Map<string, Change>();
    for (const [id, change] of byId) {
      // Last in, last told: an item may be removed and come back.
      held.delete(id);
      held.set(id, change);
    }
    this.#held.set(topic, held);
    if (held.size <= this.#limits.heldItems) return;
    this.#held.delete(topic);
    this.#missed.add(topic);
  }

  #catchUp(view: View, news: readonly Changes[]): void {
    for (const changes of news) this.#hold(changes);
    for (const [topic, byId] of this.#held) this.#show(new Changes(topic, byId, new Date()), view);
    for (const topic of this.#missed) this.say({ type: 'resync', topic });
    this.forget();
  }
}
