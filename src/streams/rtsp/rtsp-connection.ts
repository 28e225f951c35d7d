import { connect, type Socket } from 'node:net';
import { RtspError, type RtspFailure } from './rtsp-error.ts';
import { type RtspMessage, RtspReader } from './rtsp-reader.ts';

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly onData: (channel: number, payload: Buffer) => void;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly resolve: (message: RtspMessage) => void;
  readonly reject: (error: Error) => void;
}

/** One TCP connection to one camera: requests matched to answers by CSeq, interleaved frames handed on. */
export class RtspConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, Waiting>();
  readonly #ended = Promise.withResolvers<RtspError>();
  #sequence = 0;
  #over: RtspError | undefined;

  private constructor(socket: Socket, onData: ConnectOptions['onData']) {
    this.#socket = socket;
    const reader = new RtspReader({ message: (message) => this.#onMessage(message), data: onData });
    socket.on('data', (chunk) => this.#read(reader, chunk));
    socket.once('error', (cause) => this.#end(lost(cause)));
    socket.once('close', () => this.#end(lost()));
  }

  /** Connects within `timeoutMs`. Throws RtspError `dns`, `refused` or `timeout`. */
  static async open(options: ConnectOptions): Promise<RtspConnection> {
    const { host, port, timeoutMs, signal } = options;
    signal.throwIfAborted();
    const socket = connect({ host, port, noDelay: true });
    const connected = Promise.withResolvers<void>();
    const tooLate = new RtspError('timeout', `The camera's address does not answer within ${timeoutMs / 1000} s.`);
    const timer = setTimeout(() => connected.reject(tooLate), timeoutMs);
    const onAbort = () => connected.reject(new RtspError('lost', 'The attempt was given up.'));
    signal.addEventListener('abort', onAbort);
    socket.once('connect', connected.resolve).once('error', (cause) => connected.reject(dialError(cause)));
    try {
      await connected.promise;
      return new RtspConnection(socket, options.onData);
    } catch (error) {
      socket.on('error', () => {}).destroy();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
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

  close(): void {
    this.#end(new RtspError('lost', 'The connection was closed by us.'));
  }

  #write(lines: readonly string[]): void {
    if (!this.#socket.destroyed) this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  #read(reader: RtspReader, chunk: Buffer): void {
    try {
      reader.push(chunk);
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
    this.#socket.destroy();
  }
}

function lost(cause?: Error): RtspError {
  return new RtspError('lost', 'The camera closed the connection.', cause && { cause });
}

const dialFailures: Record<string, readonly [RtspFailure, string]> = {
  ENOTFOUND: ['dns', "The camera's host name is not known to DNS."],
  EAI_AGAIN: ['dns', 'DNS does not answer; the host name of the camera cannot be resolved.'],
  ECONNREFUSED: ['refused', 'The camera refuses connections on its RTSP port; is RTSP switched on, is the port right?'],
  ETIMEDOUT: ['timeout', "The camera's address does not answer."],
  EHOSTUNREACH: ['timeout', 'There is no way to the camera from here; check its network and power.'],
  ENETUNREACH: ['timeout', 'There is no way to the network of the camera from here.'],
};

function dialError(cause: NodeJS.ErrnoException): RtspError {
  const [failure, sentence] = dialFailures[cause.code ?? ''] ?? ['refused', 'The connection to the camera failed.'];
  return new RtspError(failure, sentence, { cause });
}
