import type { OnReadOpts, Socket } from 'node:net';
import type { MemoryPool } from '../rtp/memory-pool.ts';
import { type DialOptions, dial } from './rtsp-dial.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-message.ts';
import { type OnFrame, RtspReader } from './rtsp-reader.ts';

export interface ConnectOptions extends Omit<DialOptions, 'onread' | 'onClosed'> {
  readonly onData: OnFrame;
  /** Where the memory it reads into comes from, and goes to. */
  readonly slabs?: MemoryPool | undefined;
}

/** A camera that does not read gets no more reports until it does. */
const maxUnsentBytes = 64 * 1024;

interface Waiting {
  readonly resolve: (message: RtspMessage) => void;
  readonly reject: (error: Error) => void;
}

/** One TCP connection to one camera: requests matched to answers by CSeq, interleaved frames handed on. */
export class RtspConnection {
  readonly #reader: RtspReader;
  readonly #waiting = new Map<string, Waiting>();
  readonly #ended = Promise.withResolvers<RtspError>();
  #socket: Socket | undefined;
  #sequence = 0;
  #over: RtspError | undefined;

  private constructor({ onData, slabs }: Pick<ConnectOptions, 'onData' | 'slabs'>) {
    this.#reader = new RtspReader({ message: (message) => this.#onMessage(message), data: onData }, slabs);
  }

  /** Connects within `timeoutMs`. Throws RtspError `dns`, `refused`, `timeout` or `protocol` (TLS). */
  static async open({ onData, slabs, ...options }: ConnectOptions): Promise<RtspConnection> {
    const connection = new RtspConnection({ onData, slabs });
    const onClosed = () => connection.#reader.release();
    connection.#attach(await dial({ ...options, onread: connection.#onread, onClosed }));
    return connection;
  }

  /** From now on what cannot be read is skipped up to the next frame of a track. */
  expectTracks(isTrack: (channel: number) => boolean): void {
    this.#reader.expectTracks(isTrack);
  }

  /** Of both ends, as they are on the wire. */
  get addresses(): { localAddress: string; remoteAddress: string } {
    const { localAddress = '', remoteAddress = '' } = this.#socket ?? {};
    return { localAddress, remoteAddress };
  }

  /** Resolves with the reason once the connection is over; never rejects. */
  get ended(): Promise<RtspError> {
    return this.#ended.promise;
  }

  /** Sends a request and waits for its answer, at most `timeoutMs`. */
  async request(line: string, headers: readonly string[], timeoutMs: number): Promise<RtspMessage> {
    this.#sequence += 1;
    const sequence = String(this.#sequence);
    const answer = Promise.withResolvers<RtspMessage>();
    const method = line.slice(0, line.indexOf(' '));
    const late = () =>
      answer.reject(new RtspError('timeout', `The camera does not answer ${method} within ${timeoutMs / 1000} s.`));
    const timer = setTimeout(late, timeoutMs);
    if (this.#over) answer.reject(this.#over);
    this.#waiting.set(sequence, answer);
    this.#write([`${line} RTSP/1.0`, `CSeq: ${sequence}`, ...headers]);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(sequence);
    }
  }

  /** Sends one interleaved frame (RFC 2326 §10.12). */
  sendFrame(channel: number, data: Buffer): void {
    if (this.#over || !this.#socket || this.#socket.writableLength > maxUnsentBytes) return;
    const head = Buffer.from([0x24, channel, data.length >> 8, data.length & 0xff]);
    this.#socket.write(Buffer.concat([head, data]));
  }

  close(): void {
    this.#end(new RtspError('lost', 'The connection was closed by us.'));
  }

  get #onread(): OnReadOpts {
    const callback = (bytes: number) => {
      this.#read(bytes);
      return true;
    };
    return { buffer: () => this.#reader.space(), callback };
  }

  #attach(socket: Socket): void {
    this.#socket = socket;
    socket.once('error', (cause) => this.#end(lost(cause)));
    socket.once('close', () => this.#end(lost()));
  }

  #write(lines: readonly string[]): void {
    if (!this.#over) this.#socket?.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  #read(bytes: number): void {
    if (this.#over) return;
    try {
      this.#reader.take(bytes);
    } catch (error) {
      this.#end(error instanceof RtspError ? error : new RtspError('protocol', 'The stream broke.', { cause: error }));
    }
  }

  /** An answer without CSeq can only be for the oldest request. A request of the camera is declined, never obeyed. */
  #onMessage(message: RtspMessage): void {
    const sequence = message.headers.get('cseq')?.[0];
    if (message.status === 0) {
      this.#write(['RTSP/1.0 501 Not Implemented', `CSeq: ${/^\d{1,10}$/.exec(sequence ?? '')?.[0] ?? '0'}`]);
      return;
    }
    if (message.status < 200) return;
    const key = sequence ?? this.#waiting.keys().next().value ?? '';
    this.#waiting.get(key)?.resolve(message);
  }

  #end(error: RtspError): void {
    this.#over ??= error;
    this.#ended.resolve(this.#over);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#over);
    this.#socket?.destroy();
  }
}

function lost(cause?: Error): RtspError {
  return new RtspError('lost', 'The camera closed the connection.', cause && { cause });
}
