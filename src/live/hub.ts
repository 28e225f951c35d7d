import type { Actor } from '../shared/actor.ts';
import type { Log } from '../shared/log.ts';
import { ChangeCollector } from './changes.ts';
import { readClientMessage } from './client-message.ts';
import { type ClientMessage, closeCodes, type LatestTopic } from './contract.ts';
import { type EventLog, EventPump } from './event-pump.ts';
import { defaultLiveLimits, type LiveLimits } from './live-limits.ts';
import { Seat, type SeatSocket } from './seat.ts';
import { type Subscription, subscriptionOf } from './seat-state.ts';
import { type Snapshots, Synchroniser } from './synchroniser.ts';
import type { LiveItem } from './view.ts';

export interface LiveHubOptions extends EventLog {
  readonly snapshot: Snapshots;
  readonly log: Log;
  readonly limits?: Partial<LiveLimits>;
}

export interface Joining {
  readonly socket: SeatSocket;
  readonly actor: Actor;
  readonly session?: string | undefined;
}

export interface LiveCounts {
  readonly seats: number;
  /** Closed for not reading. */
  readonly slow: number;
  /** Closed for what they sent. */
  readonly refused: number;
}

interface Syncing {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const tooMany = { ok: false, code: closeCodes.policy, reason: 'too many messages' } as const;

/** All open walls: hands events and last values on, each made into text once, and never waits for one of them. */
export class LiveHub {
  readonly #log: Log;
  readonly #limits: LiveLimits;
  readonly #seats = new Map<Seat, Syncing | undefined>();
  readonly #collector = new ChangeCollector();
  readonly #pump: EventPump;
  readonly #synchroniser: Synchroniser;
  readonly #empty = Promise.withResolvers<void>();
  #timers: NodeJS.Timeout[] = [];
  #closed: Promise<void> | undefined;
  #slow = 0;
  #refused = 0;

  constructor({ snapshot, eventsSince, headSeq, log, limits }: LiveHubOptions) {
    this.#log = log;
    this.#limits = { ...defaultLiveLimits, ...limits };
    const events = { eventsSince, headSeq };
    const deliver = (event: Parameters<Seat['event']>[0]) => {
      for (const seat of this.#seats.keys()) seat.event(event);
    };
    this.#pump = new EventPump({ log, events, deliver, batch: this.#limits.replayBatch });
    this.#synchroniser = new Synchroniser({ snapshots: snapshot, events, pump: this.#pump, limits: this.#limits });
  }

  start(): void {
    if (this.#timers.length > 0 || this.#closed) return;
    this.#timers = [
      setInterval(() => this.#tick(), this.#limits.conflateMs),
      setInterval(() => this.#keepAlive(), this.#limits.keepaliveMs),
    ];
  }

  counts(): LiveCounts {
    return { seats: this.#seats.size, slow: this.#slow, refused: this.#refused };
  }

  /** Whose walls are open now, each account once. */
  present(): Actor[] {
    return [...new Map([...this.#seats.keys()].map(({ actor }) => [actor.id, actor])).values()];
  }

  /** An event with this `seq` is committed: seats are told of it and of all before it, in order. */
  publish({ seq }: { readonly seq: number }): void {
    this.#pump.wake(seq);
  }

  /** The item is now as given; seats are told its newest state within the conflation time. */
  changed(topic: LatestTopic, item: LiveItem): void {
    this.#collector.add(topic, item);
  }

  /** There is no such item any more; those who could see its area are told. */
  removed(topic: LatestTopic, item: LiveItem): void {
    this.#collector.remove(topic, item);
  }

  /** Greets the seat. Its owner hands on what the socket says: `receive`, `leave`. */
  join({ socket, actor, session }: Joining): Seat {
    const seat = new Seat({ socket, actor, session, limits: this.#limits });
    this.#seats.set(seat, undefined);
    if (this.#closed) seat.close(closeCodes.goingAway, 'shutting down');
    else this.#greet(seat);
    return seat;
  }

  /** One frame of the seat; what is too much, too big or malformed closes it. */
  receive(seat: Seat, frame: Uint8Array, isBinary: boolean): void {
    if (seat.state.phase === 'closed') return;
    const inbound = seat.admits() ? readClientMessage(frame, isBinary) : tooMany;
    if (inbound.ok) this.#obey(seat, inbound.message);
    else seat.close(inbound.code, inbound.reason);
  }

  /** The seat's socket is closed. Safe to call twice. */
  leave(seat: Seat, code: number): void {
    if (!this.#seats.has(seat)) return;
    this.#seats.get(seat)?.stop.abort();
    this.#seats.delete(seat);
    seat.gone(code);
    const closed = seat.state.phase === 'closed' ? seat.state.code : code;
    if (closed === closeCodes.tooSlow) this.#slow += 1;
    if (closed === closeCodes.policy || closed === closeCodes.tooBig) this.#refused += 1;
    if (this.#seats.size === 0) this.#empty.resolve();
  }

  /** Closes every seat that was opened with the session. */
  endSession(session: string): void {
    for (const seat of this.#seats.keys()) {
      if (seat.session === session) seat.close(closeCodes.sessionEnded, 'session ended');
    }
  }

  /** Says goodbye to every seat and waits for them, but not for long. Safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const [seat, syncing] of this.#seats) {
      syncing?.stop.abort();
      seat.close(closeCodes.goingAway, 'shutting down');
    }
    await this.#pump.close();
    if (this.#seats.size === 0) return;
    const deadline = setTimeout(this.#empty.resolve, 2 * this.#limits.lingerMs);
    await this.#empty.promise;
    clearTimeout(deadline);
  }

  #greet(seat: Seat): void {
    this.#pump.begin().then(
      (seq) => seat.say({ type: 'hello', at: new Date().toISOString(), seq }),
      (err: unknown) => this.#failed(seat, err),
    );
  }

  #obey(seat: Seat, message: ClientMessage): void {
    if (message.type === 'ping') seat.say({ type: 'pong', t: message.t, at: new Date().toISOString() });
    else this.#subscribe(seat, subscriptionOf(message));
  }

  /** One at a time for a seat: a newer subscription stops the one under way and waits for its end. */
  #subscribe(seat: Seat, subscription: Subscription): void {
    const before = this.#seats.get(seat);
    before?.stop.abort();
    seat.forget();
    seat.apply({ type: 'subscribe', subscription });
    const stop = new AbortController();
    const sync = async () => {
      await before?.done;
      if (!stop.signal.aborted) await this.#synchroniser.run(seat, subscription, stop.signal);
    };
    const done = sync().catch((err: unknown) => this.#failed(seat, err));
    this.#seats.set(seat, { stop, done });
  }

  #failed(seat: Seat, err: unknown): void {
    this.#log.error({ seat: seat.actor.name, err }, 'seat not brought up to date');
    seat.close(closeCodes.failed, 'try again');
  }

  #tick(): void {
    const changes = this.#collector.take(new Date());
    for (const seat of this.#seats.keys()) seat.changes(changes);
  }

  #keepAlive(): void {
    for (const seat of this.#seats.keys()) if (!seat.keepAlive()) seat.close(closeCodes.tooSlow, 'no answer');
  }
}
