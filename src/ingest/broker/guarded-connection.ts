import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type FrameFault, type FrameLimits, FrameScanner } from './frame-scanner.ts';
import type { SocketPlace } from './socket-quota.ts';

export interface GuardOptions extends FrameLimits {
  /** From the first byte of TCP to a checked password. */
  readonly connectMs: number;
  readonly place: SocketPlace;
  /** Told once, before the socket goes. */
  readonly refused: (fault: FrameFault | 'connect-timeout') => void;
}

const lingerMs = 2_000;
const bufferBytes = 64 * 1024;

/**
 * A socket in front of the broker that lets through what may be read: of a stranger one small CONNECT and not a byte more
 * until `open()`, then packets of a bounded size. The broker's parser would buffer whatever a packet declares (F6).
 */
export class GuardedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #options: GuardOptions;
  readonly #scanner: FrameScanner;
  readonly #timer: NodeJS.Timeout;
  #held: Buffer | undefined;
  #opened = false;

  constructor(socket: Socket, options: GuardOptions) {
    super({ readableHighWaterMark: bufferBytes, writableHighWaterMark: bufferBytes });
    this.#socket = socket;
    this.#options = options;
    this.#scanner = new FrameScanner(options);
    this.#timer = setTimeout(() => this.#refuse('connect-timeout'), options.connectMs);
    // The broker drops its listener when it closes; an error after that must not end the process.
    this.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      options.place.leave();
      this.destroy();
    });
  }

  /** Its password is right: go on reading. */
  open(): void {
    if (this.#opened || this.destroyed) return;
    this.#opened = true;
    clearTimeout(this.#timer);
    this.#options.place.known();
    const held = this.#held;
    this.#held = undefined;
    this.#socket.resume();
    if (held) this.#take(held);
  }

  override _read(): void {
    if (this.#opened || !this.#held) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket.write(chunk)) done();
    else this.#socket.once('drain', done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const bytes = Buffer.concat(chunks.map(({ chunk }) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)));
    this._write(bytes, 'utf8', done);
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  /** A last word (CONNACK with the reason) still goes out, within a moment. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#held = undefined;
    this.#socket.resume();
    this.#socket.removeAllListeners('data');
    if (this.#socket.writableLength === 0) this.#socket.destroy();
    else {
      this.#socket.destroySoon();
      setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    }
    done(error);
  }

  #take(chunk: Buffer): void {
    const scanned = this.#scanner.scan(chunk, this.#opened ? Number.POSITIVE_INFINITY : 1);
    if ('fault' in scanned) {
      this.#refuse(scanned.fault);
      return;
    }
    const wanted = scanned.end < chunk.length ? chunk.subarray(0, scanned.end) : chunk;
    const stranger = !this.#opened && this.#scanner.packets > 0;
    if (stranger) {
      this.#held = Buffer.concat([this.#held ?? Buffer.alloc(0), chunk.subarray(scanned.end)]);
      this.#socket.pause();
    }
    if (wanted.length > 0 && !this.push(wanted)) this.#socket.pause();
  }

  #refuse(fault: FrameFault | 'connect-timeout'): void {
    if (this.destroyed) return;
    this.#options.refused(fault);
    this.destroy();
  }
}
