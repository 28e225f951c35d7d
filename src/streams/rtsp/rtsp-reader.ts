import { RtspError } from './rtsp-error.ts';

/** What a server says between the media: an answer, or (rare) a request of its own. Header names are lower case. */
export interface RtspMessage {
  /** 0 for a request of the server. */
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

export interface RtspReaderEvents {
  message(message: RtspMessage): void;
  /** One interleaved frame (RFC 2326 §10.12); a view, valid as long as it is held. */
  data(channel: number, payload: Buffer): void;
}

export const limits = { lineBytes: 8_192, headerBytes: 65_536, bodyBytes: 262_144, headers: 256 } as const;

const dollar = 0x24;
const empty = Buffer.alloc(0);
const startLine = /^(?:RTSP\/1\.\d (\d{3}) ?(.*)|([A-Z_]{3,16}) \S+ RTSP\/1\.\d)$/;

interface Head {
  readonly message: Omit<RtspMessage, 'body'>;
  readonly bodyBytes: number;
}

/** Cuts a TCP stream into messages and interleaved frames. Throws RtspError on what is neither, or larger than it may be. */
export class RtspReader {
  readonly #events: RtspReaderEvents;
  #pending: Buffer = empty;
  #offset = 0;
  #head: Head | undefined;

  constructor(events: RtspReaderEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#offset < this.#pending.length ? Buffer.concat([this.#rest(), chunk]) : chunk;
    this.#offset = 0;
    while ((this.#head || this.#offset < this.#pending.length) && this.#step());
  }

  #rest(): Buffer {
    return this.#pending.subarray(this.#offset);
  }

  /** Takes one thing off the front; false when the rest of it has not come yet. */
  #step(): boolean {
    if (this.#head) return this.#body(this.#head);
    const first = this.#pending[this.#offset];
    if (first === dollar) return this.#frame();
    if (first === 0x0d || first === 0x0a) {
      this.#offset += 1;
      return true;
    }
    return this.#headers();
  }

  #frame(): boolean {
    const { length } = this.#pending;
    if (length - this.#offset < 4) return false;
    const start = this.#offset + 4;
    const end = start + this.#pending.readUInt16BE(this.#offset + 2);
    if (length < end) return false;
    const channel = this.#pending.readUInt8(this.#offset + 1);
    this.#offset = end;
    this.#events.data(channel, this.#pending.subarray(start, end));
    return true;
  }

  #headers(): boolean {
    const rest = this.#rest();
    const end = rest.subarray(0, limits.headerBytes).indexOf('\r\n\r\n');
    if (end < 0) {
      refuseNonsense(rest);
      return false;
    }
    this.#head = parseHead(rest.subarray(0, end));
    this.#offset += end + 4;
    return true;
  }

  #body({ message, bodyBytes }: Head): boolean {
    if (this.#pending.length - this.#offset < bodyBytes) return false;
    const body = Buffer.from(this.#pending.subarray(this.#offset, this.#offset + bodyBytes));
    this.#offset += bodyBytes;
    this.#head = undefined;
    this.#events.message({ ...message, body });
    return true;
  }
}

/** Refuses early what can never become a message, instead of collecting it. */
function refuseNonsense(rest: Buffer): void {
  if (rest.length > limits.headerBytes) throw broken('its headers are longer than 64 KiB');
  const lineEnd = rest.indexOf('\r\n');
  if (lineEnd < 0 && rest.length > limits.lineBytes) throw broken('it sends a header line longer than 8 KiB');
  if (rest.length > 16 && !/^(RTSP\/1\.|[A-Z_]{3,16} )/.test(rest.toString('latin1', 0, 24))) {
    throw broken('it sends bytes that are neither a message nor an interleaved frame');
  }
}

function parseHead(head: Buffer): Head {
  const [first = '', ...lines] = head.toString('latin1').split('\r\n');
  const start = startLine.exec(first);
  if (!start) throw broken('it sends bytes that are neither a message nor an interleaved frame');
  if (first.length > limits.lineBytes || lines.some((line) => line.length > limits.lineBytes)) {
    throw broken('it sends a header line longer than 8 KiB');
  }
  if (lines.length > limits.headers) throw broken(`it sends more than ${limits.headers} headers`);
  const headers = parseHeaders(lines);
  const [, status = '0', reason = ''] = start;
  return { message: { status: Number(status), reason, headers }, bodyBytes: bodyLength(headers) };
}

function parseHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function bodyLength(headers: ReadonlyMap<string, readonly string[]>): number {
  const text = headers.get('content-length')?.[0] ?? '0';
  const length = /^\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (length > limits.bodyBytes) throw broken('it announces a body longer than 256 KiB');
  return length;
}

function broken(what: string): RtspError {
  return new RtspError('protocol', `The camera does not speak RTSP properly: ${what}.`);
}
