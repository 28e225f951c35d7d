import { type ClientRequest, get, type IncomingMessage } from 'node:http';

const fileHeaderBytes = 13;
const tagHeaderBytes = 11;
const videoTag = 9;

/** Watches one HTTP-FLV stream and counts; it walks from tag to tag and keeps none of them. */
export class FlvViewer {
  readonly #request: ClientRequest;
  readonly #askedAt = performance.now();
  readonly #first = Promise.withResolvers<number>();
  readonly #head = Buffer.alloc(tagHeaderBytes + 2);
  #filled = 0;
  #skip = fileHeaderBytes;
  /** Bytes of video tags. */
  videoBytes = 0;
  pictures = 0;

  constructor(url: string) {
    this.#request = get(url, { agent: false }, (response) => this.#watch(response));
    this.#request.on('error', (error) => this.#first.reject(error));
  }

  /** Milliseconds from asking to the first picture (not its parameters). */
  get firstPictureMs(): Promise<number> {
    return this.#first.promise;
  }

  close(): void {
    this.#request.destroy();
  }

  #watch(response: IncomingMessage): void {
    if (response.statusCode !== 200) this.#first.reject(new Error(`a viewer was answered ${response.statusCode}`));
    response.on('data', (chunk: Buffer) => this.#read(chunk));
    response.on('error', () => {});
  }

  #read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const copied = chunk.copy(this.#head, this.#filled, at);
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
    this.#first.resolve(performance.now() - this.#askedAt);
  }
}
