import { connect, type Socket } from 'node:net';
import { sharedClockMs } from '../program.ts';

export interface FirstPicture {
  /** From asking to the first picture (not its parameters), milliseconds. */
  readonly ms: number;
  /** When that was, by the shared clock. */
  readonly atMs: number;
}

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
const videoTag = 9;
const headEnd = '\r\n\r\n';

/** All viewers read into this one buffer: what they cost must not be what is measured. */
const received = Buffer.alloc(256 * 1024);

/** Watches one HTTP-FLV stream and counts; it walks from tag to tag and keeps none of them. */
export class FlvViewer {
  readonly #socket: Socket;
  readonly #askedAt = performance.now();
  readonly #first = Promise.withResolvers<FirstPicture>();
  readonly #head = Buffer.alloc(tagHeaderBytes + 2);
  #answer = '';
  #answered = false;
  #filled = 0;
  #skip = fileHeaderBytes;
  /** Bytes of video tags. */
  videoBytes = 0;
  pictures = 0;

  constructor(url: string) {
    const { hostname, port, host, pathname } = new URL(url);
    const onread = { buffer: received, callback: (bytes: number) => this.#take(bytes) };
    this.#socket = connect({ host: hostname, port: Number(port), onread });
    // HTTP/1.0 asks for a body without chunks.
    this.#socket.write(`GET ${pathname} HTTP/1.0\r\nHost: ${host}${headEnd}`);
    this.#socket.on('error', (error) => this.#first.reject(error));
  }

  get firstPicture(): Promise<FirstPicture> {
    return this.#first.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: number): boolean {
    if (this.#answered) this.#walk(0, bytes);
    else this.#readAnswer(bytes);
    return true;
  }

  #readAnswer(bytes: number): void {
    const before = this.#answer.length;
    this.#answer += received.toString('latin1', 0, bytes);
    const end = this.#answer.indexOf(headEnd);
    if (end < 0) return;
    const status = this.#answer.split(' ', 2)[1];
    if (status !== '200') this.#first.reject(new Error(`a viewer was answered ${status}`));
    this.#answered = true;
    this.#walk(end + headEnd.length - before, bytes);
  }

  #walk(from: number, to: number): void {
    for (let at = from; at < to; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, to - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const copied = received.copy(this.#head, this.#filled, at, to);
      this.#filled += copied;
      at += copied;
      if (this.#filled === this.#head.length) this.#tag();
    }
  }

  /** The tag's header and the first two bytes of its data are there: FLV 10.1, E.4.1 and E.4.3. */
  #tag(): void {
    this.#filled = 0;
    const dataBytes = this.#head.readUIntBE(1, 3);
    this.#skip = dataBytes - 2 + 4;
    if (this.#head[0] !== videoTag) return;
    this.videoBytes += tagHeaderBytes + dataBytes;
    const isPicture = this.#head[tagHeaderBytes + 1] === 1;
    if (!isPicture) return;
    this.pictures += 1;
    this.#first.resolve({ ms: performance.now() - this.#askedAt, atMs: sharedClockMs() });
  }
}
