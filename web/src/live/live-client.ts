import { readMessage, type ServerMessage } from './contract.ts';
import { type Link, type LinkEvent, nextLink } from './link.ts';

/** The part of a browser's WebSocket that the client uses. */
export type Socket = Pick<WebSocket, 'onopen' | 'onclose' | 'onmessage' | 'send' | 'close'>;

export interface LiveClientOptions {
  readonly connect: () => Socket;
  readonly topics: readonly string[];
  /** Sequence number to resume from; 0 before the first snapshot. */
  readonly seq: () => number;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onLink: (link: Link) => void;
  /** Round trip of a ping in milliseconds. */
  readonly onLatency: (ms: number) => void;
  /** Asked before each redial; false ends the client (the session is over). */
  readonly mayRedial: () => Promise<boolean>;
}

const pingEveryMs = 5_000;
/** A server silent for this long is gone, whatever TCP says. */
const silenceMs = 12_000;

/** Keeps one WebSocket to the server, resumes where it stopped, and says how the link is. */
export class LiveClient {
  readonly #options: LiveClientOptions;
  #link: Link = { phase: 'connecting', attempt: 0, lostAt: 0 };
  #socket: Socket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;

  constructor(options: LiveClientOptions) {
    this.#options = options;
  }

  start(): void {
    this.#link = { phase: 'connecting', attempt: 0, lostAt: Date.now() };
    this.#beat = setInterval(() => this.#ping(), pingEveryMs);
    this.#dial();
  }

  /** Safe to call twice; no timer and no socket is left. */
  close(): void {
    this.#apply({ type: 'close' });
    clearInterval(this.#beat);
    clearTimeout(this.#retry);
    this.#drop();
  }

  #dial(): void {
    this.#apply({ type: 'dial', at: Date.now() });
    const socket = this.#options.connect();
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(readMessage(data));
    socket.onclose = () => this.#lost();
  }

  #opened(): void {
    this.#apply({ type: 'opened', at: Date.now() });
    this.#subscribe();
    this.#ping();
  }

  #subscribe(): void {
    const { topics } = this.#options;
    const since = this.#options.seq();
    this.#send({ type: 'subscribe', topics, ...(since > 0 && { since }) });
  }

  #received(message: ServerMessage | undefined): void {
    this.#heardAt = Date.now();
    if (message?.type === 'pong') this.#options.onLatency(performance.now() - message.t);
    if (message?.type === 'resync') this.#subscribe();
    if (message) this.#options.onMessage(message);
  }

  #ping(): void {
    if (this.#link.phase !== 'open') return;
    if (Date.now() - this.#heardAt > silenceMs) this.#lost();
    else this.#send({ type: 'ping', t: performance.now() });
  }

  #lost(): void {
    this.#drop();
    this.#apply({ type: 'lost', at: Date.now(), random: Math.random() });
    if (this.#link.phase === 'waiting') this.#retry = setTimeout(() => this.#redial(), this.#link.retryAt - Date.now());
  }

  async #redial(): Promise<void> {
    const allowed = await this.#options.mayRedial();
    if (this.#link.phase !== 'waiting') return;
    if (allowed) this.#dial();
    else this.close();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #apply(event: LinkEvent): void {
    const next = nextLink(this.#link, event);
    this.#link = next;
    this.#options.onLink(next);
  }
}
