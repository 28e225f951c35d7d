import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export interface RawPacket {
  readonly channel: number;
  readonly data: Buffer;
}

/** A bare socket that speaks RTSP by hand: it shows what is on the wire, and hides nothing of it. */
export class RawRtspClient {
  readonly socket: Socket;
  readonly packets: RawPacket[] = [];
  /** Resolves when the connection is over, in order or by a reset. */
  readonly over: Promise<void>;
  readonly #url: string;
  readonly #answers: RawAnswer[] = [];
  #buffered: Buffer = Buffer.alloc(0);
  #cseq = 0;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#url = url;
    this.socket = connect(Number(port), hostname);
    this.socket.on('error', () => {});
    this.over = new Promise((resolve) => this.socket.on('close', () => resolve()));
    this.socket.on('data', (chunk) => this.#read(chunk));
  }

  send(method: string, headers: readonly string[] = [], url = this.#url): void {
    this.#cseq += 1;
    this.socket.write([`${method} ${url} RTSP/1.0`, `CSeq: ${this.#cseq}`, ...headers, '', ''].join('\r\n'));
  }

  async ask(method: string, headers: readonly string[] = [], url = this.#url): Promise<RawAnswer> {
    const before = this.#answers.length;
    this.send(method, headers, url);
    await this.until(() => this.#answers.length > before);
    return this.#answers.at(-1) ?? { status: 0, head: '', body: '' };
  }

  /** Waits, at most 3 s, until what arrived satisfies the condition. */
  async until(condition: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(3_000);
    while (!condition()) await once(this.socket, 'data', { signal });
  }

  async play(authorization: (method: string) => string[] = () => []): Promise<RawAnswer> {
    const setup = [...authorization('SETUP'), 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1'];
    const { head } = await this.ask('SETUP', setup, `${this.#url}/trackID=0`);
    const session = /Session: (\w+)/.exec(head)?.[1];
    return this.ask('PLAY', [...authorization('PLAY'), `Session: ${session}`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.over;
  }

  #read(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    while (this.#packet() || this.#answer());
  }

  #packet(): boolean {
    if (this.#buffered[0] !== 0x24 || this.#buffered.length < 4) return false;
    const size = 4 + this.#buffered.readUInt16BE(2);
    if (this.#buffered.length < size) return false;
    this.packets.push({ channel: this.#buffered.readUInt8(1), data: this.#buffered.subarray(4, size) });
    this.#buffered = this.#buffered.subarray(size);
    return true;
  }

  #answer(): boolean {
    const end = this.#buffered.indexOf('\r\n\r\n');
    if (this.#buffered[0] !== 0x52 || end === -1) return false;
    const head = this.#buffered.toString('latin1', 0, end);
    const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#buffered.length < end + 4 + length) return false;
    const body = this.#buffered.toString('latin1', end + 4, end + 4 + length);
    this.#buffered = this.#buffered.subarray(end + 4 + length);
    this.#answers.push({ status: Number(head.split(' ')[1]), head, body });
    return true;
  }
}

/** The Authorization header a camera's challenge asks for (RFC 7616 without qop). */
export function digest(
  challenge: string,
  [username, password]: [string, string],
  [method, uri]: [string, string],
): string {
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const hash = (text: string) =>
    createHash(challenge.includes('SHA-256') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const response = hash(
    `${hash(`${username}:${field('realm')}:${password}`)}:${field('nonce')}:${hash(`${method}:${uri}`)}`,
  );
  const facts = { username, realm: field('realm'), nonce: field('nonce'), uri, response };
  const pairs = Object.entries(facts).map(([name, value]) => `${name}="${value}"`);
  return `Authorization: Digest ${pairs.join(', ')}`;
}
