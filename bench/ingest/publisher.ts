import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AckReader, connectFrame, publishFrame } from './mqtt-frames.ts';

export interface PublisherOptions {
  readonly port: number;
  readonly id: string;
  /** Messages on their way at once. */
  readonly window: number;
  /** It stops after so many messages, or at this time of `performance.now()`. */
  readonly most: number;
  readonly untilMs: number;
}

/** A weather station that reports as fast as it is acknowledged; a full window is written in one piece. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #socket: Socket;
  readonly #acks = new AckReader();
  readonly #sentAt = new Map<number, number>();
  readonly #done = Promise.withResolvers<void>();
  readonly ackMs: number[] = [];
  #sent = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#socket = connect(options.port, '127.0.0.1').setNoDelay();
  }

  /** Resolves when all that was sent is acknowledged. */
  async run(): Promise<void> {
    const { id } = this.#options;
    this.#socket.on('data', (chunk: Buffer) => this.#heard(chunk));
    this.#socket.on('error', (error) => this.#done.reject(error));
    this.#socket.on('close', () => this.#done.reject(new Error(`${id} was cut off`)));
    await once(this.#socket, 'connect');
    this.#socket.write(connectFrame(id, { password: `${id}-secret`, clean: true }));
    await this.#done.promise;
    this.#socket.destroy();
  }

  #heard(chunk: Buffer): void {
    try {
      const now = performance.now();
      for (const id of this.#acks.read(chunk)) if (id > 0) this.#acked(id, now);
      this.#send(now);
    } catch (error) {
      this.#done.reject(error);
    }
  }

  #acked(id: number, now: number): void {
    this.ackMs.push(now - (this.#sentAt.get(id) ?? now));
    this.#sentAt.delete(id);
  }

  #send(now: number): void {
    const { window, most, untilMs } = this.#options;
    const frames: Buffer[] = [];
    while (now < untilMs && this.#sent < most && this.#sentAt.size < window) frames.push(this.#next(now));
    if (frames.length > 0) this.#socket.write(Buffer.concat(frames));
    else if (this.#sentAt.size === 0) this.#done.resolve();
  }

  #next(now: number): Buffer {
    this.#sent += 1;
    const id = (this.#sent % 65_535) + 1;
    this.#sentAt.set(id, now);
    const n = this.#sent;
    const values = { visibility: n % 1_000, temperature: n % 40, wind: n % 12, humidity: n % 100 };
    const payload = JSON.stringify({ at: new Date().toISOString(), values });
    return publishFrame(`tianliang/sensors/${this.#options.id}/reading`, id, payload);
  }
}
