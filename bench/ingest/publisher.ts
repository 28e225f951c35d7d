import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AckReader, connectFrame, publishFrames } from './mqtt-frames.ts';

export interface PublisherOptions {
  readonly port: number;
  readonly id: string;
  /** Messages on their way at once. */
  readonly window: number;
  /** It stops after so many messages. */
  readonly most: number;
  /** Messages a second; as many as are acknowledged when not said. */
  readonly perSecond?: number | undefined;
  /** Sends a full window at a time. */
  readonly whole?: boolean | undefined;
}

/** A weather station that reports as fast as it is acknowledged; a full window is written in one piece. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #socket: Socket;
  readonly #topic: Buffer;
  readonly #acks = new AckReader();
  readonly #sentAt = new Map<number, number>();
  readonly #letIn = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();
  readonly ackMs: number[] = [];
  #sent = 0;
  #beganMs = 0;
  #untilMs = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#topic = Buffer.from(`tianliang/sensors/${options.id}/reading`);
    this.#socket = connect(options.port, '127.0.0.1').setNoDelay();
  }

  /** Resolves when the broker has let it in. */
  async connect(): Promise<void> {
    const { id } = this.#options;
    this.#socket.on('data', (chunk: Buffer) => this.#heard(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error(`${id} was cut off`)));
    await once(this.#socket, 'connect');
    this.#socket.write(connectFrame(id, { password: `${id}-secret`, clean: true }));
    await this.#letIn.promise;
  }

  /** Once it is connected: resolves when all that was sent until then is acknowledged. */
  async publish(untilMs: number): Promise<void> {
    const now = performance.now();
    this.#untilMs = untilMs;
    this.#beganMs = now + Math.random() * this.#intervalMs();
    this.#send(now);
    await this.#done.promise;
    this.#socket.destroy();
  }

  /** For one that is paced: time has passed. */
  tick(): void {
    this.#send(performance.now());
  }

  #heard(chunk: Buffer): void {
    try {
      const now = performance.now();
      for (const id of this.#acks.read(chunk)) {
        if (id === 0) this.#letIn.resolve();
        else this.#acked(id, now);
      }
      if (this.#beganMs > 0) this.#send(now);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#letIn.reject(error);
    this.#done.reject(error);
  }

  #acked(id: number, now: number): void {
    this.ackMs.push(now - (this.#sentAt.get(id) ?? now));
    this.#sentAt.delete(id);
  }

  #send(now: number): void {
    const { window, most } = this.#options;
    const over = now >= this.#untilMs || this.#sent >= most;
    const wanted = over ? 0 : Math.min(most, this.#due(now));
    const room = Math.min(window - this.#sentAt.size, Math.ceil(wanted - this.#sent));
    const least = this.#options.whole ? window : 1;
    if (room >= least) this.#publish(room, now);
    else if (over && this.#sentAt.size === 0) this.#done.resolve();
  }

  #publish(count: number, now: number): void {
    const at = new Date().toISOString();
    const messages = Array.from({ length: count }, () => this.#next(at, now));
    this.#socket.write(publishFrames(this.#topic, messages));
  }

  /** Between two pieces it writes: each begins somewhere within its own, so that all together send evenly. */
  #intervalMs(): number {
    const { perSecond = 1_000, whole, window } = this.#options;
    return (1_000 * (whole ? window : 1)) / perSecond;
  }

  /** So many should have gone out by now. */
  #due(now: number): number {
    const { perSecond } = this.#options;
    return perSecond === undefined ? Number.POSITIVE_INFINITY : ((now - this.#beganMs) * perSecond) / 1_000;
  }

  #next(at: string, now: number): { id: number; payload: string } {
    this.#sent += 1;
    const n = this.#sent;
    const id = (n % 65_535) + 1;
    this.#sentAt.set(id, now);
    const values = `"visibility":${n % 1_000},"temperature":${n % 40},"wind":${n % 12},"humidity":${n % 100}`;
    return { id, payload: `{"at":"${at}","values":{${values}}}` };
  }
}
